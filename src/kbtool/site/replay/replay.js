// Questions -> the pages that the site's own search box would show first. It runs in Node and in a browser alike; how a question
// is understood is the engine's business alone, the very module that the search box asks.

const LOOKED_AT = 12; // results: several may be of one page

/** Return for each question the addresses of the first pages found, at most `most`, without their #fragments. */
export async function replay(engine, base, language, questions, most) {
  const searcher = await engine.openSearch(base, language);
  const answers = [];
  for (const question of questions) {
    const { results } = await engine.search(searcher, question);
    const shown = await Promise.all(results.slice(0, LOOKED_AT).map((result) => engine.describe(result)));
    const pages = new Set(shown.map((each) => each.address.split("#")[0]));
    answers.push([...pages].slice(0, most));
  }
  return answers;
}
