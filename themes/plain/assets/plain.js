// What a page gains with JavaScript; each reads and works without it. Search itself is loaded when the box is used.
(() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("kb-data")?.textContent || "{}");
  const text = (english) => data.texts?.[english] || english;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const store = (key, value) => {
    try {
      if (value === undefined) return localStorage.getItem(key);
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch {
      // storage is closed to us: the choice lasts as long as the page
    }
    return null;
  };

  // ---- light, dark, or as the system has it

  const paint = () => all("meta[name=theme-color]").forEach((each) => (each.content = getComputedStyle(document.body).backgroundColor));
  const themes = { "": "Theme: system", light: "Theme: light", dark: "Theme: dark" };
  for (const button of all("[data-theme-toggle]")) {
    const show = () => {
      const label = text(themes[root.dataset.theme || ""]);
      button.setAttribute("aria-label", label);
      button.title = label;
    };
    button.addEventListener("click", () => {
      const order = matchMedia("(prefers-color-scheme: dark)").matches ? ["", "light", "dark"] : ["", "dark", "light"];
      const next = order[(order.indexOf(root.dataset.theme || "") + 1) % 3];
      if (next) root.dataset.theme = next;
      else delete root.dataset.theme;
      store("kb-theme", next);
      show();
      paint();
    });
    show();
    if (root.dataset.theme) paint();
    button.hidden = false;
  }

  // ---- the contents show which part one reads

  const named = (link) => document.getElementById(link.getAttribute("href").slice(1));
  const parts = all(".contents a").map((link) => [named(link)?.closest(".question") || named(link), link]).filter(([part]) => part);
  const mark = () => {
    const top = (part) => part.getBoundingClientRect().top;
    const atEnd = scrollY > 0 && scrollY + innerHeight > root.scrollHeight - 2;
    const asked = atEnd && parts.find(([part, link]) => link.hash === location.hash && top(part) >= 0);
    const read = asked || parts.filter(([part]) => part.getClientRects().length && top(part) < innerHeight * (atEnd ? 1 : 0.3)).pop();
    for (const each of parts)
      if (each === read) each[1].setAttribute("aria-current", "location");
      else each[1].removeAttribute("aria-current");
  };
  const reading = new IntersectionObserver(mark, { rootMargin: "0px 0px -70%" });
  for (const [part] of parts) reading.observe(part);
  if (parts.length) addEventListener("scrollend", mark);

  // ---- a link to a closed answer opens it

  const open = () => {
    let target = null;
    try {
      target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return; // not a percent-encoded name
    }
    let closed = false;
    for (let element = target; element; element = element.parentElement)
      if (element.tagName === "DETAILS" && !element.open) closed = element.open = true;
      else if (element.hidden && element.dataset.title) closed = !document.getElementById(element.getAttribute("aria-labelledby")).click();
    const inside = target && target.closest("summary")?.parentElement;
    if (inside && !inside.open) closed = inside.open = true;
    if (closed) target.scrollIntoView();
  };

  for (const button of all("[data-open-all]")) {
    const answers = all(".question");
    button.hidden = false;
    button.addEventListener("click", () => {
      const closed = answers.some((each) => !each.open);
      for (const each of answers) each.open = closed;
    });
    const show = () => (button.textContent = text(answers.some((each) => !each.open) ? "Open all answers" : "Close all answers"));
    for (const each of answers) each.addEventListener("toggle", show);
  }

  // ---- an article whose review is due says so, from that day on

  const now = new Date();
  const today = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  for (const notice of all("[data-review-due]")) notice.hidden = !(notice.dataset.reviewDue < today);

  // ---- a video is loaded when it is asked for

  const players = /^https:\/\/(?:www\.youtube-nocookie\.com\/embed|player\.vimeo\.com\/video)\/[\w-]+(?:\?[\w=&-]*)?$/;
  const films = /\.(?:mp4|webm|m4v)$/i;
  const player = (address, title) => {
    if (players.test(address)) {
      const joined = `${address}${address.includes("?") ? "&" : "?"}autoplay=1`;
      return make("iframe", { src: joined, title, allow: "autoplay; fullscreen; picture-in-picture", referrerPolicy: "strict-origin-when-cross-origin" });
    }
    let url = null;
    try {
      url = new URL(address, document.baseURI);
    } catch {
      return null;
    }
    const safe = url.protocol === "https:" || url.origin === location.origin;
    return safe && films.test(url.pathname) ? make("video", { src: url.href, controls: true, autoplay: true, title }) : null;
  };
  for (const box of all("[data-video]")) {
    const link = box.querySelector("a");
    if (!link || !player(box.dataset.video, "")) continue;
    const label = `${text("Play video")}: ${link.textContent}`;
    const button = make("button", { type: "button", className: "video-play" }, make("span", { className: "video-icon" }), make("span", { className: "video-title" }, link.textContent));
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => {
      const film = player(box.dataset.video, link.textContent);
      button.replaceWith(film);
      film.focus();
    });
    box.prepend(button);
  }

  // ---- code can be copied

  for (const code of all(".prose pre")) {
    if (!navigator.clipboard) break;
    const button = make("button", { type: "button", className: "copy-button" }, text("Copy"));
    button.addEventListener("click", async () => {
      const done = await navigator.clipboard.writeText((code.querySelector("code") || code).textContent).then(() => "Copied", () => "Press Ctrl+C to copy");
      button.textContent = text(done);
      setTimeout(() => (button.textContent = text("Copy")), 2000);
    });
    const frame = make("div", { className: "code-frame" });
    code.replaceWith(frame);
    frame.append(code, button);
  }

  // ---- what does not scroll is no stop of the Tab key, and code that does has a name

  const wide = new ResizeObserver((boxes) => {
    for (const { target } of boxes) {
      const names = target.tagName === "PRE" ? { tabindex: 0, role: "region", "aria-label": text("Code") } : { tabindex: 0 };
      for (const [name, value] of Object.entries(names))
        if (target.scrollWidth > target.clientWidth) target.setAttribute(name, value);
        else target.removeAttribute(name);
    }
  });
  for (const box of all(".prose pre, .table")) wide.observe(box);

  // ---- tabs for platforms: parts that open and close without JavaScript; the choice holds for every page

  const choose = (label) => {
    for (const button of all("[role=tab]")) {
      const list = all("[role=tab]", button.parentElement);
      if (list.some((each) => each.textContent === label)) select(button, button.textContent === label);
    }
  };
  const select = (button, on) => {
    button.setAttribute("aria-selected", on);
    button.tabIndex = on ? 0 : -1;
    document.getElementById(button.getAttribute("aria-controls")).hidden = !on;
  };
  all(".tabs").forEach((box, number) => {
    const parts = all(":scope > details.tab", box);
    if (!parts.length) return;
    const list = make("div", { className: "tab-list" });
    list.setAttribute("role", "tablist");
    parts.forEach((part, i) => {
      const title = part.querySelector("summary").textContent.trim();
      const button = make("button", { type: "button", id: `kb-tab-${number}-${i}`, className: "tab-button" }, title);
      const panel = make("div", { id: `kb-panel-${number}-${i}`, className: "tab-panel", tabIndex: 0 }, ...all(":scope > :not(summary)", part));
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
      panel.dataset.title = title;
      list.append(button);
      part.replaceWith(panel);
      select(button, i === 0);
    });
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[role=tab]");
      if (!button) return;
      const before = button.getBoundingClientRect().top;
      choose(button.textContent);
      store("kb-platform", button.textContent);
      scrollBy(0, button.getBoundingClientRect().top - before);
    });
    list.addEventListener("keydown", (event) => {
      const buttons = all("[role=tab]", list);
      const forward = getComputedStyle(list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
      const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
      const at = buttons.indexOf(document.activeElement);
      const to = { [forward]: at + 1, [back]: at - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      const next = buttons.at(to % buttons.length);
      next.focus();
      next.click();
    });
    box.prepend(list);
  });
  choose(store("kb-platform"));
  addEventListener("hashchange", open);
  open();

  // ---- search: the engine and the box are fetched when they are first wanted

  const form = document.querySelector("form[data-search]");
  if (!form) return;
  const input = form.querySelector("input[type=search]");
  const page = document.querySelector("[data-search-results]");
  let loaded;
  let failures = 0;
  const load = () => {
    // a browser may remember that a module could not be loaded: each try has an address of its own
    const address = (name) => new URL(data.assets[name] + (failures ? `?${failures}` : ""), document.baseURI).href;
    loaded ||= Promise.all(["search-box.js", "search-engine.js"].map((name) => import(address(name))))
      .then(([box, engine]) => box.startSearch({ form, input, page, engine, data }))
      .catch((error) => {
        loaded = undefined;
        failures += 1;
        throw error;
      });
    return loaded;
  };
  const wake = () => load().catch(() => form.classList.add("search-failed"));
  form.addEventListener("focusin", wake);
  if (page) wake();
  addEventListener("keydown", (event) => {
    const field = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || field || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  if (document.activeElement === input) wake();
})();
