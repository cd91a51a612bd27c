// Reloads the page when the site has changed, where the reader was, and shows what is wrong with it.
(() => {
  "use strict";
  const own = new URL(document.currentScript.src);
  const version = own.search.slice(1);
  const place = `kbtool-place:${location.pathname}`;
  const away = "kbtool-put-away";

  // Where the reader was: the last anchor above the window's top, so that words added further up move nothing.
  function anchors() {
    return [...document.querySelectorAll("main [id], [id]")].filter((element) => element.getClientRects().length);
  }

  function keep() {
    const anchor = anchors().filter((element) => element.getBoundingClientRect().top <= 0).pop();
    const details = [...document.querySelectorAll("details")].map((element) => element.open);
    const fields = [...document.querySelectorAll("input[type=search]")].map((element) => element.value);
    const focused = document.activeElement && document.activeElement.id;
    const kept = { x: scrollX, y: scrollY, details, fields, focused };
    if (anchor) Object.assign(kept, { anchor: anchor.id, top: anchor.getBoundingClientRect().top });
    sessionStorage.setItem(place, JSON.stringify(kept));
  }

  function restore() {
    const kept = JSON.parse(sessionStorage.getItem(place) || "null");
    sessionStorage.removeItem(place);
    if (!kept) return;
    history.scrollRestoration = "manual";
    document.querySelectorAll("details").forEach((element, number) => {
      if (number in kept.details) element.open = kept.details[number];
    });
    document.querySelectorAll("input[type=search]").forEach((element, number) => {
      if (kept.fields[number]) element.value = kept.fields[number];
    });
    const focused = kept.focused && document.getElementById(kept.focused);
    if (focused) focused.focus({ preventScroll: true });
    const scroll = () => {
      const anchor = kept.anchor && document.getElementById(kept.anchor);
      const top = anchor ? scrollY + anchor.getBoundingClientRect().top - kept.top : kept.y;
      scrollTo({ left: kept.x, top, behavior: "instant" });
    };
    scroll();
    const settle = () => {
      scroll();
      history.scrollRestoration = "auto";
    };
    if (document.readyState === "complete") settle();
    else addEventListener("load", settle, { once: true });
  }

  // The errors, over the last good site. A shadow tree: the site's styles do not reach in, and ours do not reach out.
  const overlay = (() => {
    const host = document.createElement("div");
    host.dataset.kbtoolPreview = "";
    const root = host.attachShadow({ mode: "open" });
    const make = (tag, properties, ...children) => {
      const element = Object.assign(document.createElement(tag), properties);
      element.append(...children);
      return element;
    };
    const style = make("link", { rel: "stylesheet", href: new URL("preview.css", own).href });
    const title = make("h2", { id: "title" });
    const note = make("p", {});
    const list = make("ul", {});
    const close = make("button", { type: "button", textContent: "Dismiss" });
    const english = { dir: "ltr", lang: "en" }; // whatever the site's language is
    const dialog = make("dialog", english, title, note, list, close);
    dialog.setAttribute("aria-labelledby", "title");
    const badge = make("button", { type: "button", className: "badge", hidden: true, lang: "en" });
    root.append(style, dialog, badge);
    let key = "";
    let total = 0;

    const open = () => {
      badge.hidden = true;
      if (!dialog.open) dialog.showModal();
    };
    const shut = () => {
      if (dialog.open) dialog.close();
      badge.hidden = total === 0;
    };
    close.addEventListener("click", () => dialog.close());
    badge.addEventListener("click", open);
    dialog.addEventListener("close", () => {
      sessionStorage.setItem(away, key);
      shut();
    });
    const item = ({ text, hint }) => {
      const line = make("li", {}, make("code", { textContent: text }));
      if (hint) line.append(make("span", { className: "hint", textContent: hint }));
      return line;
    };

    return (news) => {
      total = news.total;
      const count = `${total} ${total === 1 ? "error" : "errors"}`;
      badge.textContent = count;
      title.textContent = news.stopped ? "The site could not be built" : count;
      note.textContent = news.stopped
        ? "This is the last good one. It is built again as soon as you save."
        : "The site is built again as soon as you save.";
      list.replaceChildren(...news.shown.map(item));
      if (total > news.shown.length) list.append(item({ text: `and ${total - news.shown.length} more: see the terminal` }));
      if (!host.isConnected) document.body.append(host);
      key = news.key;
      if (total === 0) {
        sessionStorage.removeItem(away);
        if (dialog.open) dialog.close();
        badge.hidden = true;
      } else if (news.urgent && sessionStorage.getItem(away) !== key) open();
      else shut();
    };
  })();

  // A browser opens six connections to one server at most, for all its tabs: only a page that is seen keeps one.
  let source = null;
  let timer = 0;

  function hear() {
    clearTimeout(timer);
    if (source) source.close();
    source = new EventSource(new URL("events", own));
    source.onmessage = (message) => {
      const news = JSON.parse(message.data);
      if (news.version !== version) {
        hush();
        keep();
        location.reload();
      } else {
        overlay(news);
        document.dispatchEvent(new CustomEvent("kbtool-news", { detail: news }));
      }
    };
    source.onerror = () => {
      if (source && source.readyState === EventSource.CLOSED) timer = setTimeout(hear, 1000);
    };
  }

  function hush() {
    clearTimeout(timer);
    if (source) source.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? hush() : hear()));
  addEventListener("pagehide", hush);
  addEventListener("pageshow", (event) => {
    if (event.persisted) hear();
  });
  restore();
  if (!document.hidden) hear();
})();
