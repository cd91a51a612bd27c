// A question in people's own words -> the site's pages, best first. Pure functions over the data that kbtool writes beside
// Pagefind's index; nothing here knows the page it runs in.

const MOST_TERMS = 6; // words of a question that are looked up in the index: each may cost a file of it
const TITLE = 2; // how much a title that says just what was asked counts beside the text
const KEYWORDS = 2;
const SYNONYM = 0.8;
const GUESSED = 0.5; // a word put in for a misspelt one, beside the words that were typed
const MOST = 6; // times its weight that a word counts: as much as in a title; the index gives more to a rare word that begins like it
const LEAST = 0.1; // of the best page's score: what is below is no answer
const EXCERPT = 28; // words

/** A browser may remember that a module could not be loaded: each try has an address of its own. */
let failures = 0;

/** Load the index and our own words. `base` is the site's root as an absolute address. */
export async function openSearch(base, language) {
  const folder = new URL("pagefind/", base).href;
  const [words, pagefind] = await Promise.all([
    fetch(folder + "words.json", { cache: "no-cache" }).then((answer) => {
      if (!answer.ok) throw new Error(`words.json: ${answer.status}`);
      return answer.json();
    }),
    import(`${folder}pagefind.js${failures ? `?${failures}` : ""}`).catch((error) => {
      failures += 1;
      throw error;
    }),
  ]);
  const site = readWords(words, language);
  if (site.documents.size) {
    await pagefind.options({ basePath: folder, noWorker: true, ranking: { metaWeights: { title: TITLE, keywords: KEYWORDS } } });
    await pagefind.init();
  }
  const answers = new Map();
  const look = (text) => {
    if (!answers.has(text)) answers.set(text, pagefind.search(text).then((found) => found.results));
    return answers.get(text);
  };
  return { site, look };
}

/** Return the answer to a question: `results` best first, each with a score and `load()`; `corrected`, the words searched instead. */
export async function search({ site, look }, question, { typing = false, exact = false } = {}) {
  const asked = readQuestion(site, question, typing);
  const known = exact ? asked : await correct(site, asked, look);
  const found = await findAll(site, known, look);
  const results = groupPages(rank(site, known, found));
  const corrected = known.some((term) => term.instead !== undefined) ? correctedText(question, known) : "";
  return { question, corrected, results, terms: known.map((term) => term.text) };
}

// ---------------------------------------------------------------- what the site knows

/** Return words.json in the form that searching needs. */
export function readWords(data, language = "en") {
  const stem = stemmer(language);
  const topics = data.topics.map(([title, url]) => ({ title, url, count: 0 }));
  const documents = new Map();
  const names = new Map(); // stem of a title's or a keyword's word -> how many documents have it
  const rows = data.names.map((name, number) => {
    const title = data.titles[number];
    const row = { title, topic: topics[data.topic[number]], stems: stemsOf(title, stem), keywords: stemsOf(data.keywords[number] || "", stem) };
    for (const each of new Set([...row.stems, ...row.keywords])) names.set(each, (names.get(each) || 0) + 1);
    documents.set(name, row);
    return row;
  });
  rows.forEach((row, number) => {
    row.page = rows[data.pages[number]] || row;
    if (row.page === row) row.topic.count += 1;
  });
  const vocabulary = readVocabulary(data);
  const stems = new Map();
  for (const [word, size] of vocabulary) stems.set(stem(fold(word)), Math.max(size, stems.get(stem(fold(word))) || 0));
  const filler = new Set(data.filler.split(" ").map(fold));
  const length = (data.names[0] || "").length;
  const find = (id) => documents.get(id.slice(id.lastIndexOf("_") + 1).slice(0, length));
  return { language, stem, topics, documents, find, names, vocabulary, stems, filler, synonyms: readSynonyms(data.synonyms, stem) };
}

/** Return the site's words, each with its size: how often two must be doubled to have the number of documents with it. */
function readVocabulary({ words, sizes }) {
  const vocabulary = new Map();
  let word = "";
  for (const [, shared, rest] of words.matchAll(/(\d)(\D*)/g)) {
    word = word.slice(0, shared) + rest;
    vocabulary.set(word, Number(sizes[vocabulary.size]));
  }
  return vocabulary;
}

/** Return for each phrase that is called otherwise, too, its other names: by its words' stems, so that "tortes" is a "torte". */
function readSynonyms(groups, stem) {
  const synonyms = new Map();
  for (const group of groups.map((phrases) => phrases.map((phrase) => wordsOf(phrase).map(fold).join(" "))))
    for (const phrase of group) {
      const key = stemmed(wordsOf(phrase), stem);
      const others = group.filter((other) => stemmed(wordsOf(other), stem) !== key);
      synonyms.set(key, [...new Set([...(synonyms.get(key) || []), ...others])]);
    }
  return synonyms;
}

function stemmed(words, stem) {
  return words.map((word) => stem(fold(word).replace(/-/g, ""))).join(" ");
}

/** Return the text without case, accents and typographic apostrophes, as Pagefind compares words. */
export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[’ʼ]/g, "'");
}

const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[\ud840-\udbbf][\udc00-\udfff]/;

/** Return the words of a text: "Wi-Fi" is one, and each letter of a script without spaces is one, as in the index. */
export function wordsOf(text) {
  const apart = UNSPACED.test(text) ? text.normalize("NFC").replace(new RegExp(`(?:${UNSPACED.source})\\p{M}*`, "gu"), " $& ") : text;
  return apart.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’._+#/-]*/gu)?.map((word) => word.replace(/['’._/-]+$/, "")) || [];
}

function stemsOf(text, stem) {
  const stems = new Set();
  for (const word of wordsOf(text)) {
    const parts = word.split(/['’._/-]+/).filter(Boolean);
    for (const part of parts.length > 1 ? [...parts, parts.join("")] : parts) stems.add(stem(fold(part)));
  }
  return stems;
}

/** Return a function that takes the commonest endings from a folded word: enough to compare a title with a question. */
export function stemmer(language) {
  return { en: englishStem, de: germanStem }[language.split("-")[0].toLowerCase()] || ((word) => word);
}

function englishStem(word) {
  let stem = word.replace(/'s?$/, "");
  if (stem.length > 4) stem = stem.replace(/ies$/, "y").replace(/(ss|x|ch|sh)es$/, "$1");
  if (stem.length > 3) stem = stem.replace(/([^sui]|eau)s$/, "$1");
  if (stem.length > 5) stem = stem.replace(/(?:ing|ed)$/, "").replace(/([b-df-hj-km-np-rtv-z])\1$/, "$1");
  return stem.length > 3 ? stem.replace(/e$/, "").replace(/y$/, "i") : stem;
}

function germanStem(word) {
  const stem = word.replace(/ß/g, "ss");
  return stem.length > 4 ? stem.replace(/(?:ern|em|en|er|es|e|n|s)$/, "") : stem;
}

// ---------------------------------------------------------------- the question

/** Return the terms of a question: filler words dropped unless there is nothing else, synonyms beside the words they stand for. */
export function readQuestion(site, question, typing) {
  const words = wordsOf(question);
  const open = typing && /[\p{L}\p{N}\p{M}]$/u.test(question);
  const terms = [];
  for (let i = 0; i < words.length; ) {
    const [length, others] = synonymsAt(site, words, i);
    const text = words.slice(i, i + length).join(" ");
    i += length;
    terms.push(newTerm(site, text, others, open && i === words.length));
  }
  const telling = terms.filter((term) => term.open || term.others.length || !site.filler.has(fold(term.text)));
  const unique = new Map((telling.length ? telling : terms).map((term) => [term.folded, term]));
  return [...unique.values()];
}

/** A term: its text, and the phrases to look up in its place, the best one first, each with the stems of its words. */
function newTerm(site, text, others = [], open = false) {
  const spelt = (phrase) => stemmed(wordsOf(phrase), site.stem).replaceAll(" ", "");
  const phrases = [text, ...others].map((phrase) => ({
    phrase,
    same: spelt(phrase) === spelt(text), // "log in" and "login" are one; an invoice is another word for a bill, and titles choose theirs
    exact: needsExact(site, phrase, open),
    stems: wordsOf(phrase).map((word) => [...stemsOf(word, site.stem)]),
  }));
  return { text, folded: fold(text), stems: [...stemsOf(text, site.stem)], others, phrases, open };
}

/** One or two letters begin too many words to be looked up as a beginning; "log in" is neither a log nor what is in it. */
function needsExact(site, phrase, open) {
  const [first, second, ...more] = wordsOf(phrase).map(fold);
  if (second !== undefined) return !more.length && site.filler.has(second) && !site.filler.has(first);
  return phrase.length < 3 && !open && !UNSPACED.test(phrase);
}

/** Return how many words from here on are one term, and what else it may be called. */
function synonymsAt(site, words, start) {
  for (let length = Math.min(4, words.length - start); length > 0; length--) {
    const others = site.synonyms.get(stemmed(words.slice(start, start + length), site.stem));
    if (others) return [length, others];
  }
  const whole = start + 1 < words.length && inOneWord(site, fold(words[start]), fold(words[start + 1]));
  return whole ? [2, [whole]] : [1, []];
}

/** Return two words as one, if the site has that about as often as the rarer of them: "user name" is asked where it says "username". */
function inOneWord(site, one, other) {
  const size = site.vocabulary.get(one + other);
  if (size === undefined || site.filler.has(one) || site.filler.has(other)) return "";
  return size + 2 >= Math.min(site.vocabulary.get(one) ?? 0, site.vocabulary.get(other) ?? 0) ? one + other : "";
}

// ---------------------------------------------------------------- spelling

/** Return the terms with those that the site does not know replaced by its nearest words, or marked as unknown. */
async function correct(site, terms, look) {
  const strange = await Promise.all(terms.map((term) => isStrange(site, term, look)));
  if (!strange.includes(true)) return terms;
  const company = terms.filter((_, i) => !strange[i]);
  const corrected = [];
  for (let i = 0; i < terms.length; i++) {
    const next = terms[i + 1];
    if (next && (strange[i] || strange[i + 1]) && site.vocabulary.has(terms[i].folded + next.folded)) {
      corrected.push(replaced(site, { text: `${terms[i].text} ${next.text}` }, terms[i].folded + next.folded));
      i += 1;
    } else if (strange[i]) {
      const better = spelling(site, terms[i], company);
      corrected.push(...(better ? better.split(" ").map((word, n) => replaced(site, n ? { text: "" } : terms[i], word)) : [{ ...terms[i], unknown: true }]));
    } else corrected.push(terms[i]);
  }
  return corrected;
}

function replaced(site, term, word) {
  const others = site.synonyms.get(stemmed([word], site.stem)) || [];
  return { ...newTerm(site, word, others), instead: term.text };
}

/** Tell whether no page has the word, nor one that begins with it. Codes and numbers are never strange. */
async function isStrange(site, term, look) {
  const { folded } = term;
  if (folded.length < 3 || term.others.length || !/^[\p{L}']+$/u.test(folded) || UNSPACED.test(folded)) return false;
  if (site.vocabulary.has(folded) || site.stems.has(term.stems[0])) return false;
  for (const word of site.vocabulary.keys()) if (folded.length > 3 && word.startsWith(folded)) return false;
  if (term.open && folded.length < 4) return false;
  return (await look(`"${term.text}"`)).length === 0;
}

/** Return the site's word nearest to a strange one, or two of its words written as one; "" when none is near. */
export function spelling(site, term, company = []) {
  const typed = term.folded;
  const allowed = typed.length > 7 ? 2 : 1;
  let best = "";
  let most = -Infinity;
  for (const [word, size] of site.vocabulary) {
    if (word.length < typed.length - allowed || (!term.open && word.length > typed.length + allowed)) continue;
    const folded = fold(word);
    const distance = term.open ? prefixDistance(typed, folded, allowed) : editDistance(typed, folded, allowed);
    if (distance > allowed || (typed.length < 4 && !term.open && !sameLetters(typed, folded))) continue;
    if (company.length && (site.filler.has(folded) || rhymes(typed, folded))) continue;
    const score = -3 * distance + 0.3 * size + (folded[0] === typed[0] ? 1 : 0) + (inCompany(site, word, company) ? 2 : 0);
    if (score > most) [best, most] = [word, score];
  }
  return best || splitWord(site, typed) || longestBeginning(site, typed);
}

/** Tell whether two words differ by their first letter alone, which few people mistype: an "aerial" is no "serial", a "fake" no "make". */
function rhymes(one, other) {
  return one[0] !== other[0] && one.slice(1) === other.slice(1);
}

/** Tell whether two words have the same letters: of short words "log" and "long" are two words, "teh" and "the" are one. */
function sameLetters(one, other) {
  return [...one].sort().join("") === [...other].sort().join("");
}

/** Return the longest word of the site that the typed one begins with: "programmer" is asked where the site says "program". */
function longestBeginning(site, typed) {
  for (let length = typed.length - 1; length >= Math.max(4, typed.length * 0.6); length--)
    if (site.vocabulary.has(typed.slice(0, length))) return typed.slice(0, length);
  return "";
}

/** Tell whether a title has the word together with another of the question's. */
function inCompany(site, word, company) {
  if (!company.length) return false;
  const stem = site.stem(fold(word));
  for (const row of site.documents.values())
    if (row.stems.has(stem) && company.some((term) => term.stems.some((each) => row.stems.has(each)))) return true;
  return false;
}

function splitWord(site, typed) {
  for (let at = typed.length - 3; at > 2; at--)
    if (site.vocabulary.has(typed.slice(0, at)) && site.vocabulary.has(typed.slice(at))) return `${typed.slice(0, at)} ${typed.slice(at)}`;
  return "";
}

/** Return how many letters must be added, dropped, changed or swapped with a neighbour (optimal string alignment); `most` + 1 for more. */
export function editDistance(one, other, most = 2) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  return Math.min(most + 1, lastRow(one, other, most)[other.length]);
}

/** Return the least distance of a word being typed to a beginning of another. */
function prefixDistance(typed, word, most) {
  const row = lastRow(typed, word.slice(0, typed.length + most), most);
  return Math.min(...row.slice(Math.max(0, typed.length - most)));
}

function lastRow(one, other, most) {
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    if (Math.min(...next) > most) return Array(other.length + 1).fill(most + 1);
    [before, row] = [row, next];
  }
  return row;
}

function correctedText(question, terms) {
  let text = question.trim();
  for (const term of terms) {
    if (term.instead) text = text.replace(term.instead, () => term.text);
    else if (term.instead === "") text += ` ${term.text}`;
  }
  return text;
}

// ---------------------------------------------------------------- ranking

/** Return for each term the pages that have it: a map from the page's id to its score for that term and where it stands. */
async function findAll(site, terms, look) {
  const chosen = new Set(terms.filter((term) => !term.unknown).sort((one, other) => commonness(site, one) - commonness(site, other)).slice(0, MOST_TERMS));
  return Promise.all(terms.map((term) => (chosen.has(term) ? find(term, look) : new Map())));
}

/** Return about how many times two must be doubled to have the number of pages with the term. */
function commonness(site, term) {
  return Math.min(...term.stems.map((stem) => site.stems.get(stem) ?? 1));
}

async function find(term, look) {
  const pages = new Map();
  if (term.unknown) return pages; // the index would answer with the pages of the word's first letters
  const answers = await Promise.all(term.phrases.map((each) => findPhrase(each, look)));
  answers.forEach((answer, i) => {
    const { same, exact, stems } = term.phrases[i];
    for (const { id, data, words, score } of answer) {
      const page = { score: score * (same ? 1 : SYNONYM), data, words, exact: exact && stems.length < 2 };
      const known = pages.get(id);
      if (known) Object.assign(known, known.score < page.score ? page : {}, { words: [...new Set([...known.words, ...words])] });
      else pages.set(id, page);
    }
  });
  return pages;
}

/**
 * Return the pages with the phrase. Of a phrase said exactly the index gives all pages one score, and only the first place:
 * of several words, the words' score is taken, and all places where they stand beside one another.
 */
async function findPhrase({ phrase, exact, stems }, look) {
  if (!exact) return look(phrase);
  const [found, apart] = await Promise.all([look(`"${phrase}"`), stems.length > 1 ? look(phrase) : []]);
  const pages = new Map(apart.map((result) => [result.id, result]));
  return found.map(({ id, words, data, score }) => {
    const page = pages.get(id);
    if (!page) return { id, words, data, score };
    const places = new Set(page.words);
    return { id, words: [...words, ...page.words.filter((at) => places.has(at - 1) || places.has(at + 1))], data, score: page.score };
  });
}

/** Return all pages that have any of the terms, best first: BM25 by Pagefind, the share of the question that a page answers, its title. */
export function rank(site, terms, found) {
  const weights = terms.map((term, i) => weight(site, term, found[i]) * (term.instead === undefined ? 1 : GUESSED));
  const whole = weights.reduce((sum, each) => sum + each, 0) || 1;
  const pages = new Map();
  found.forEach((hits, i) => {
    for (const [id, { score, data, words, exact }] of hits) {
      const document = site.find(id);
      if (!document) continue;
      if (!pages.has(id)) pages.set(id, { id, document, text: 0, covered: 0, hits: [], load: data });
      const page = pages.get(id);
      const value = Math.min(MOST * weights[i], exact ? score * weights[i] : score);
      page.text += value;
      page.covered += weights[i] * Math.min(1, value / (weights[i] || 1));
      page.hits.push({ weight: weights[i], locations: words });
    }
  });
  for (const page of pages.values()) page.score = page.text * (page.covered / whole) + TITLE * titleScore(site, page.document, terms, weights, whole);
  const best = [...pages.values()].sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1));
  return best.filter((page) => page.score >= best[0].score * LEAST);
}

/** Return how telling a term is: its inverse document frequency (Robertson and Sparck Jones, as Pagefind has it). */
function weight(site, term, hits) {
  const all = site.documents.size;
  const pages = hits.size || 2 ** commonness(site, term);
  return Math.log(1 + Math.max(0, all - pages + 0.5) / (pages + 0.5));
}

/** Return how nearly the title (or the keywords) says the question: the share of the question in it, and of it in the question. */
function titleScore(site, document, terms, weights, whole) {
  let shared = 0;
  const used = new Set();
  terms.forEach((term, i) => {
    const said = saidIn(document.stems, term) || (term.open && beginning(document.stems, term));
    if (said) {
      shared += weights[i];
      said.forEach((stem) => used.add(stem));
    } else if (saidIn(document.keywords, term)) shared += weights[i] / 2;
  });
  if (!shared) return 0;
  const recall = shared / whole;
  return whole * recall * recall * (0.4 + 0.6 * precision(site, document, used));
}

/** Return which of the stems say the term in its own words, each of them; undefined when they do not. */
function saidIn(stems, term) {
  for (const { same, stems: words } of term.phrases) {
    const found = words.map((word) => word.find((each) => stems.has(each)));
    if (same && found.length && !found.includes(undefined)) return found;
  }
  return undefined;
}

function beginning(stems, term) {
  for (const stem of stems) if (term.stems[0] && stem.startsWith(term.stems[0])) return [stem];
  return undefined;
}

function precision(site, document, used) {
  let all = 0;
  let shared = 0;
  for (const stem of document.stems) {
    if (site.filler.has(stem) && !used.has(stem)) continue;
    const telling = Math.log(1 + site.documents.size / (site.names.get(stem) || 1));
    all += telling;
    if (used.has(stem)) shared += telling;
  }
  return all ? shared / all : 0;
}

/** Return the results with the best of a page's questions in the page's place, if it is about as good, and three of a page at most. */
function groupPages(results) {
  const groups = new Map();
  for (const result of results) groups.set(result.document.page, [...(groups.get(result.document.page) || []), result]);
  const kept = new Set();
  for (const [page, [first, ...others]] of groups) {
    const question = first.document === page && others[0]?.score * 2 > first.score ? others.shift() : first;
    if (question !== first) question.score = first.score;
    for (const each of [question, ...others.filter((other) => other.document !== page)].slice(0, 3)) kept.add(each);
  }
  return results.filter((result) => kept.has(result)).sort((one, other) => other.score - one.score);
}

// ---------------------------------------------------------------- excerpts

/** Return what is shown of a result: its address, its section, and its telling words as `[text, marked]` pairs. */
export async function describe(result) {
  const fragment = await result.load();
  const words = fragment.content.split(/\s+/);
  const [start, marked] = bestWindow(result.hits, words.length);
  const first = Math.min(...marked);
  const anchors = fragment.raw_url.includes("#") ? [] : fragment.anchors || [];
  const anchor = marked.size ? anchors.filter((each) => each.location <= first && /^h\d$/.test(each.element)).pop() : undefined;
  const address = anchor ? `${fragment.raw_url}#${encodeURIComponent(anchor.id)}` : fragment.raw_url;
  return { address, section: anchor ? anchor.text : "", parts: excerpt(words, start, marked) };
}

/** Return where the most telling stretch of a page begins, and which of its words answer the question. */
function bestWindow(hits, length) {
  const marks = hits.flatMap(({ weight: value, locations }, i) => locations.map((at) => ({ at, value, i }))).sort((one, other) => one.at - other.at);
  let best = 0;
  let start = 0;
  marks.forEach((mark, n) => {
    const seen = new Map();
    for (let k = n; k < marks.length && marks[k].at < mark.at + EXCERPT - 4; k++) seen.set(marks[k].i, marks[k].value);
    const value = [...seen.values()].reduce((sum, each) => sum + each, 0);
    if (value > best + 1e-9) [best, start] = [value, mark.at];
  });
  const from = Math.max(0, Math.min(start - 4, length - EXCERPT));
  return [from, new Set(marks.map((mark) => mark.at).filter((at) => at >= from && at < from + EXCERPT))];
}

function excerpt(words, start, marked) {
  const parts = [];
  const push = (text, mark) => {
    const last = parts[parts.length - 1];
    if (last && last[1] === mark) last[0] += text;
    else parts.push([text, mark]);
  };
  if (start > 0) push("… ", false);
  for (let i = start; i < Math.min(words.length, start + EXCERPT); i++) {
    if (i > start && !(UNSPACED.test(words[i][0]) && UNSPACED.test(words[i - 1].slice(-1)))) push(" ", marked.has(i) && Boolean(parts[parts.length - 1]?.[1]));
    const [, before, word, after] = marked.has(i) ? words[i].match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/u) : ["", words[i], "", ""];
    if (before) push(before, false);
    if (word) push(word, true);
    if (after) push(after, false);
  }
  if (start + EXCERPT < words.length) push(" …", false);
  return parts;
}

/** Return the topics that a question is nearest to, for when no page answers it: by their names, then by their size. */
export function nearestTopics(site, question, most = 4) {
  const terms = readQuestion(site, question, false);
  const near = (topic) => {
    const stems = [...stemsOf(topic.title, site.stem)];
    return terms.some((term) => stems.some((stem) => term.stems.includes(stem) || editDistance(stem, term.folded, 1) < 2)) ? 1 : 0;
  };
  return [...site.topics].sort((one, other) => near(other) - near(one) || other.count - one.count).slice(0, most);
}
