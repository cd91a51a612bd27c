// The search box (a combobox with a list of results, WAI-ARIA 1.2) and the search page: they show what the engine answers.
// Text of pages is only ever put in as text, never as HTML.

const SHOWN = 6;
const PAGE = 20;
const PAUSE = 120; // milliseconds without a key before a question is asked

export function startSearch({ form, input, page, engine, data }) {
  const words = wordsOf(data);
  const base = new URL(data.root || "./", document.baseURI).href;
  let opening;
  const open = () => {
    opening ||= engine.openSearch(base, data.language || "en").catch((error) => {
      opening = undefined; // the next key tries again
      throw error;
    });
    return opening;
  };
  const context = { form, input, engine, data, base, open, ...words };
  return page ? startPage(context, page) : startBox(context);
}

// ---------------------------------------------------------------- both

function wordsOf(data) {
  const texts = data.texts || {};
  const rules = new Intl.PluralRules(data.language || "en");
  const fill = (words, values) => words.replace(/%\((\w+)\)[sd]/g, (_, name) => values[name]);
  const text = (english, values = {}) => fill(texts[english] || english, values);
  const count = (one, many, num) => {
    const forms = Array.isArray(texts[one]) ? texts[one] : [one, many];
    const at = (texts.plurals || ["one", "other"]).indexOf(rules.select(num));
    return fill(forms[at < 0 ? forms.length - 1 : at] || many, { num: num.toLocaleString(data.language) });
  };
  return { text, count };
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  element.append(...children);
  return element;
}

/** Return the answer with what is shown of its first results; a topic's number narrows them down. */
async function ask({ engine, open }, question, { topic, typing, exact, most }) {
  const searcher = await open();
  const answer = await engine.search(searcher, question, { typing, exact });
  const topics = countTopics(answer.results);
  const results = topic ? answer.results.filter((result) => result.document.topic.title === topic) : answer.results;
  const shown = await Promise.all(results.slice(0, most).map(async (result) => ({ ...result, ...(await engine.describe(result)) })));
  return { ...answer, topics, total: results.length, shown, near: results.length ? [] : engine.nearestTopics(searcher.site, question) };
}

function countTopics(results) {
  const counts = new Map();
  for (const { document: { topic } } of results) counts.set(topic.title, (counts.get(topic.title) || 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1]);
}

function excerptOf(parts) {
  return parts.map(([words, marked]) => (marked ? make("mark", {}, words) : words));
}

/** Return "Did you mean" with the way back to what was typed; nothing when nothing was corrected. */
function suggestion({ text }, answer, again) {
  if (!answer.corrected) return [];
  const [before, after = ""] = text("Did you mean %(query)s?", { query: "\0" }).split("\0");
  const typed = text("Search for “%(query)s” instead", { query: answer.question.trim() });
  return [make("p", { class: "search-suggestion" }, before, make("strong", {}, answer.corrected), after, " ", make("button", { type: "button", class: "link-button", onclick: again }, typed))];
}

/** Return the chips that narrow the results down to a topic; none where all are of one. */
function topicChips({ text }, answer, chosen, choose) {
  if (answer.topics.length < 2) return [];
  const chip = (label, value) => make("button", { type: "button", class: "chip", "aria-pressed": String(chosen === value), onclick: () => choose(value) }, label);
  const chips = answer.topics.map(([topic, number]) => chip(`${topic} (${number})`, topic));
  return [make("div", { class: "search-topics", role: "group", "aria-label": text("Filter by topic") }, chip(text("All topics"), ""), ...chips)];
}

/** Return what helps a reader whose question nothing answers: the nearest topics, the A-Z list, a human. */
function deadEnd({ text, data, base }, answer) {
  const parts = [make("p", { class: "search-nothing" }, text("Nothing found for “%(query)s”", { query: answer.question.trim() }))];
  const topics = answer.near.filter((topic) => topic.url !== undefined && topic.title);
  if (topics.length) {
    parts.push(make("p", {}, text("These topics may help:")));
    parts.push(make("ul", { class: "search-near" }, ...topics.map((topic) => make("li", {}, make("a", { href: new URL(topic.url, base).href }, topic.title)))));
  }
  const ways = [make("li", {}, make("a", { href: new URL("a-z/", base).href }, text("All articles from A to Z"))), ...contactWays({ text, data })];
  parts.push(make("p", {}, text("Or try:")), make("ul", { class: "search-near" }, ...ways));
  return parts;
}

/** Return what a screen reader says of an answer: the correction and the number of results, or the dead end in whole sentences. */
function spoken({ text, count, data }, answer, parts) {
  const said = answer.total ? [count("%(num)d result", "%(num)d results", answer.total)] : parts.map((part) => sentence(part, data.language));
  if (answer.corrected) said.unshift(text("Did you mean %(query)s?", { query: answer.corrected }));
  return said.join(" ");
}

function sentence(part, language) {
  if (part.tagName !== "UL") return /[:.?!؟…]$/.test(part.textContent) ? part.textContent : `${part.textContent}.`;
  return `${new Intl.ListFormat(language, { type: "unit" }).format([...part.children].map((each) => each.textContent))}.`;
}

function contactWays({ text, data }) {
  const { url, email, phone } = data.contact || {};
  const ways = [];
  if (url) ways.push([url, text("Contact us")]);
  if (email) ways.push([`mailto:${email}`, email]);
  if (phone) ways.push([`tel:${phone.replace(/[^\d+]/g, "")}`, phone]);
  return ways.filter(([href]) => !/^\s*(?:javascript|data|vbscript):/i.test(href)).map(([href, label]) => make("li", {}, make("a", { href }, label)));
}

function failure({ text, base }) {
  const link = make("a", { href: new URL("a-z/", base).href }, text("All articles from A to Z"));
  return [make("p", { class: "search-nothing" }, text("Search could not be loaded."), " ", link)];
}

/** Call a function when its arguments have rested for a while; only the latest call's answer is passed on. */
function latest(work, show, fail) {
  let number = 0;
  let timer = 0;
  const stop = () => {
    clearTimeout(timer);
    return ++number;
  };
  const start = (pause, ...values) => {
    const mine = stop();
    timer = setTimeout(async () => {
      try {
        const answer = await work(...values);
        if (mine === number) show(answer);
      } catch {
        if (mine === number) fail();
      }
    }, pause);
  };
  return { start, stop };
}

// ---------------------------------------------------------------- the box

function startBox(context) {
  const { form, input, text, count } = context;
  const list = make("div", { role: "listbox", id: "kb-search-list", class: "search-list", "aria-label": text("Search results") });
  const above = make("div", { class: "search-above" });
  const below = make("div", { class: "search-below" });
  const status = make("div", { role: "status", class: "visually-hidden" });
  const popup = make("div", { class: "search-popup", hidden: true }, above, list, below);
  form.append(popup, status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "kb-search-list", "aria-autocomplete": "list", autocomplete: "off", autocapitalize: "off", spellcheck: "false" })) input.setAttribute(name, value);

  let topic = "";
  let active = -1;
  const options = () => [...list.children];
  const toggle = (on) => {
    const { height, offsetTop } = self.visualViewport || { height: innerHeight, offsetTop: 0 }; // without a phone's keyboard
    if (on) popup.style.setProperty("--room", `${Math.floor(height + offsetTop - form.getBoundingClientRect().bottom - 16)}px`);
    popup.hidden = !on;
    input.setAttribute("aria-expanded", String(on && list.children.length > 0));
    if (!on) activate(-1);
  };
  const activate = (to) => {
    const all = options();
    all[active]?.setAttribute("aria-selected", "false");
    active = all.length ? to : -1;
    const option = all[active];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    return input.setAttribute("aria-activedescendant", option.id);
  };
  const say = (words) => (status.textContent = words);
  const fill = (top, results, bottom) => {
    above.replaceChildren(...top);
    list.replaceChildren(...results);
    list.hidden = !results.length;
    below.replaceChildren(...bottom);
    activate(-1);
    toggle(true);
  };

  const show = (answer) => {
    const again = () => {
      input.focus();
      enquire(0, { exact: true });
    };
    const choose = (value) => {
      topic = value;
      input.focus();
      enquire(0, {});
    };
    const top = [...suggestion(context, answer, again), ...topicChips(context, answer, topic, choose)];
    if (!answer.total) {
      const ways = deadEnd(context, answer);
      fill(top, [], ways);
      return say(spoken(context, answer, ways));
    }
    const results = answer.shown.map((result, i) => option(context, result, i));
    const every = count("See %(num)d result", "See all %(num)d results", answer.total);
    fill(top, results, answer.total > SHOWN ? [make("a", { class: "search-every", href: searchPage(form, input.value, topic) }, every)] : []);
    return say(spoken(context, answer));
  };
  const fail = () => {
    fill([], [], failure(context));
    say(below.textContent);
  };
  const question = latest((words, options) => ask(context, words, options), show, fail);
  const enquire = (pause, options) => {
    if (!input.value.trim()) {
      question.stop();
      topic = "";
      fill([], [], []);
      return toggle(false);
    }
    if (popup.hidden) fill([make("p", { class: "search-wait" }, text("Searching…"))], [], []);
    return question.start(pause, input.value, { topic, typing: true, most: SHOWN, ...options });
  };

  input.addEventListener("input", () => enquire(PAUSE, {}));
  input.addEventListener("focus", () => list.children.length && input.value.trim() && toggle(true));
  input.addEventListener("keydown", (event) => {
    const last = options().length - 1;
    const to = { ArrowDown: active < last ? active + 1 : 0, ArrowUp: active > 0 ? active - 1 : last, Home: 0, End: last }[event.key];
    if (event.key === "Escape") {
      if (popup.hidden) input.value = "";
      else event.preventDefault(); // the words stay: a second Escape clears them
      toggle(false);
    } else if (event.key === "Enter" && !popup.hidden && options()[active]) {
      event.preventDefault();
      options()[active].click();
    } else if (to !== undefined && last >= 0 && (active >= 0 || event.key.startsWith("Arrow"))) {
      event.preventDefault();
      if (popup.hidden) toggle(true);
      activate(to);
    }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.target === input) return;
    input.focus();
    toggle(false);
  });
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) toggle(false);
  });
  addEventListener("pointerdown", (event) => {
    if (!form.contains(event.target)) toggle(false);
  });
  if (input.value.trim()) enquire(0, {});
  context.open().catch(() => {}); // fetched while the reader types; the first question says what went wrong
}

/** Return one result as an option that is also a link. */
function option({ base }, result, number) {
  const { document: { title, topic, page }, section, parts, address } = result;
  const place = [topic.title, page.title !== title && page.title, section].filter(Boolean).join(" › ");
  return make(
    "a",
    { role: "option", id: `kb-search-option-${number}`, class: "search-option", "aria-selected": "false", tabindex: "-1", href: new URL(address, base).href },
    make("span", { class: "search-title" }, title),
    make("span", { class: "search-place" }, place),
    make("span", { class: "search-excerpt" }, ...excerptOf(parts)),
  );
}

function searchPage(form, words, topic) {
  const url = new URL(form.getAttribute("action") || "", document.baseURI);
  url.search = new URLSearchParams(topic ? { q: words, topic } : { q: words }).toString();
  return url.href;
}

// ---------------------------------------------------------------- the search page

function startPage(context, page) {
  const { form, input, text, count } = context;
  const status = make("div", { role: "status", class: "visually-hidden" });
  const number = make("p", { class: "search-count" });
  const above = make("div", { class: "search-above" });
  const list = make("ol", { class: "search-hits" });
  const below = make("div", { class: "search-below" });
  page.replaceChildren(status, number, above, list, below);
  const title = document.title;
  let most = PAGE;
  let topic = "";

  const show = (answer) => {
    const again = () => enquire(0, { exact: true });
    const choose = (value) => {
      topic = value;
      most = PAGE;
      enquire(0, {});
    };
    const held = document.activeElement;
    const [chosen, asked, seen] = [above.contains(held), below.contains(held), list.children.length];
    above.replaceChildren(...suggestion(context, answer, again), ...topicChips(context, answer, topic, choose));
    list.replaceChildren(...answer.shown.map((result) => hit(context, result)));
    number.textContent = answer.total ? count("%(num)d result", "%(num)d results", answer.total) : "";
    const more = make("button", { type: "button", class: "button more-button", onclick: () => enquire(0, {}, (most += PAGE)) }, text("Show more"));
    const ways = answer.total ? [] : deadEnd(context, answer);
    below.replaceChildren(...ways, ...(answer.total > most ? [more] : []));
    status.textContent = spoken(context, answer, ways);
    // the button that was pressed is gone: the reader goes on at what took its place, or at what it brought
    if (chosen) ((held.matches(".chip") && above.querySelector("[aria-pressed=true]")) || input).focus();
    else if (asked) list.children[seen]?.querySelector("a").focus();
  };
  const fail = () => {
    number.textContent = "";
    below.replaceChildren(...failure(context));
    status.textContent = below.textContent;
  };
  const question = latest((words, options) => ask(context, words, options), show, fail);
  const enquire = (pause, options) => {
    const words = input.value;
    history.replaceState(history.state, "", searchPage(form, words, topic));
    document.title = [words.trim(), title].filter(Boolean).join(" – ");
    if (words.trim()) {
      if (!list.children.length) number.textContent = text("Searching…");
      return question.start(pause, words, { topic, most, ...options });
    }
    question.stop();
    number.textContent = "";
    return [above, list, below].forEach((part) => part.replaceChildren());
  };

  input.addEventListener("input", () => {
    topic = "";
    most = PAGE;
    enquire(PAUSE, { typing: true });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    enquire(0, {});
  });
  const asked = new URLSearchParams(location.search);
  if (asked.get("q")) input.value = asked.get("q");
  topic = asked.get("topic") || "";
  if (input.value.trim()) enquire(0, {});
}

function hit({ base }, result) {
  const { document: { title, topic, page }, section, parts, address } = result;
  const place = [topic.title, page.title !== title && page.title, section].filter(Boolean).join(" › ");
  return make(
    "li",
    { class: "search-hit" },
    make("h2", { class: "search-title" }, make("a", { href: new URL(address, base).href }, title)),
    make("p", { class: "search-place" }, place),
    make("p", { class: "search-excerpt" }, ...excerptOf(parts)),
  );
}
