// Shows what `kbtool check` finds in the page being looked at. F2 hides it and shows it again.
(() => {
  "use strict";
  const own = new URL(document.currentScript.src);
  const KEY = "F2"; // a key that is no character: no browser, no screen reader and no theme of ours means anything by it
  const LEVELS = { error: ["Error", "\u2716"], warning: ["Warning", "\u25B2"], hint: ["Hint", "\u25CF"] };

  // A browser may keep no store for us: what was chosen is then forgotten with the page.
  const recall = (store, name) => {
    try {
      return window[store].getItem(name);
    } catch {
      return null;
    }
  };
  const remember = (store, name, value) => {
    try {
      if (value === null) window[store].removeItem(name);
      else window[store].setItem(name, value);
    } catch {
      // as above
    }
  };

  // All text goes in as text: it comes from articles.
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const named = (element, attributes) => {
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };

  const host = make("div", { lang: "en" });
  host.dataset.kbtoolFindings = "";
  const root = host.attachShadow({ mode: "open" });
  const list = make("ul", {});
  const hints = make("ul", {});
  const more = make("details", {}, make("summary", {}), hints);
  const hide = make("button", { type: "button", className: "quiet" }, "Hide ", make("kbd", { textContent: KEY }));
  const shut = named(make("button", { type: "button", className: "quiet", textContent: "\u2715" }), { "aria-label": "Close" });
  const title = make("h2", { textContent: "Findings in this page" });
  const body = named(make("div", { className: "body", tabIndex: 0 }, list, more), { role: "group", "aria-label": "Findings" });
  const foot = make("p", { className: "foot", textContent: "Choose one to copy its place, for your editor." });
  const panel = make("div", { id: "panel", hidden: true }, make("div", { className: "head" }, title, hide, shut), body, foot);
  const badge = named(make("button", { type: "button", className: "badge" }), { "aria-controls": "panel" });
  const section = named(make("section", { hidden: true, dir: "ltr", lang: "en" }, panel, badge), { "aria-label": "kbtool check" });
  const status = named(make("div", { className: "status", dir: "ltr", lang: "en" }), { role: "status" });
  const style = make("link", { rel: "stylesheet", href: new URL("findings.css", own).href });
  const frame = make("div", { className: "frame" }, section, status);
  frame.hidden = true; // until its style is there
  style.addEventListener("load", () => (frame.hidden = false), { once: true });
  root.append(style, frame);

  const off = () => recall("localStorage", "kbtool-findings") === "off";
  let number = 0; // of the findings shown
  let found = [];
  let silence = 0;

  const say = (text) => {
    clearTimeout(silence);
    status.textContent = text;
    silence = setTimeout(() => (status.textContent = ""), 5000);
  };

  const words = () => {
    const grave = found.filter(({ severity }) => severity !== "hint").length;
    const [count, noun] = grave ? [grave, "finding"] : [found.length, "hint"];
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
  };

  const place = ({ path, line }) => (line ? `${path}:${line}` : path);

  async function copy(finding) {
    try {
      await navigator.clipboard.writeText(place(finding));
      say(`Copied: ${place(finding)}`);
    } catch {
      say(place(finding)); // a browser that lets nobody copy: it can be read off
    }
  }

  const entry = (finding) => {
    const [level, mark] = LEVELS[finding.severity];
    const sign = named(make("span", { className: "mark", textContent: mark }), { "aria-hidden": "true" });
    const line = finding.line ? `line ${finding.line}` : "whole file";
    const where = location.pathname === "/" && finding.path ? `${finding.path}, ${line}` : finding.path ? line : "help center";
    const first = make("span", { className: "first" }, sign, make("strong", { textContent: level }), make("span", { textContent: where }));
    first.append(make("code", { textContent: finding.rule }));
    const parts = [first, make("span", { className: "message", textContent: finding.message })];
    if (finding.hint) parts.push(make("span", { className: "hint", textContent: finding.hint }));
    const tag = finding.path ? "button" : "div";
    const item = make(tag, { className: `entry ${finding.severity}` }, ...parts);
    if (finding.path) {
      Object.assign(item, { type: "button", title: `Copy ${place(finding)}` });
      item.addEventListener("click", () => copy(finding));
    }
    return make("li", {}, item);
  };

  const open = (yes, { focus = true } = {}) => {
    panel.hidden = !yes;
    badge.setAttribute("aria-expanded", String(yes));
    remember("sessionStorage", "kbtool-findings-open", yes ? "yes" : null);
    if (!yes && focus && root.activeElement !== badge) badge.focus();
  };

  const show = () => {
    const inside = root.activeElement;
    const grave = found.filter(({ severity }) => severity !== "hint");
    const small = found.filter(({ severity }) => severity === "hint");
    list.replaceChildren(...grave.map(entry));
    hints.replaceChildren(...small.map(entry));
    list.hidden = !grave.length;
    more.hidden = !small.length;
    more.firstChild.textContent = `${small.length} ${small.length === 1 ? "hint" : "hints"}`;
    if (!grave.length) more.open = true;
    badge.textContent = words();
    badge.className = `badge ${found.map(({ severity }) => severity).sort()[0] || ""}`; // the gravest is the first by the alphabet, too
    section.hidden = off() || !found.length;
    if (inside && !section.hidden && !inside.isConnected) badge.focus();
    if (!host.isConnected) document.body.append(host);
  };

  async function fetchFindings(wanted) {
    const address = new URL("findings", own);
    address.searchParams.set("page", location.pathname);
    let answer;
    try {
      answer = await (await fetch(address)).json();
    } catch {
      return; // the preview has ended, or the page is being left
    }
    if (wanted < number) return;
    const before = number && words();
    const first = !number;
    number = answer.number;
    found = answer.findings;
    show();
    if (!off() && !first && before !== words()) say(found.length ? words() : "No findings");
  }

  const toggle = () => {
    const now = !off();
    remember("localStorage", "kbtool-findings", now ? "off" : null);
    show();
    if (now) say(`Findings are hidden. ${KEY} shows them again.`);
    else say(found.length ? words() : "Findings are shown. This page has none.");
  };

  badge.addEventListener("click", () => open(panel.hidden));
  shut.addEventListener("click", () => open(false));
  hide.addEventListener("click", toggle);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    open(false);
  });
  addEventListener("keydown", (event) => {
    const field = event.composedPath()[0].closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== KEY || event.repeat || field) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    toggle();
  });
  addEventListener("storage", (event) => {
    if (event.key === "kbtool-findings") show(); // another tab has hidden them
  });
  document.addEventListener("kbtool-news", ({ detail }) => {
    if (detail.findings !== number) fetchFindings(detail.findings);
  });
  open(recall("sessionStorage", "kbtool-findings-open") === "yes", { focus: false });
})();
