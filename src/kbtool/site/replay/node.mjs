// A job on standard input -> its answers on standard output. The site's scripts are copied beside this one, where Node takes them
// for modules; whatever they fetch is read from the built site.

import { readFile } from "node:fs/promises";
import { argv, stdin, stdout } from "node:process";
import { pathToFileURL } from "node:url";

const base = new URL("./", import.meta.url).href;
const site = pathToFileURL(argv[2] + "/").href;

globalThis.fetch = async (address) => {
  const path = String(address.url || address).split(/[?#]/)[0];
  if (!path.startsWith(base)) throw new Error(`not of this site: ${path}`);
  try {
    return new Response(await readFile(new URL(site + path.slice(base.length))));
  } catch {
    return new Response("", { status: 404 });
  }
};

const parts = [];
for await (const part of stdin) parts.push(part);
const { language, questions, most } = JSON.parse(Buffer.concat(parts).toString("utf-8"));
const { replay } = await import("./replay.js");
const engine = await import("./search-engine.js");
const answers = await replay(engine, base, language, questions, most);
stdout.write(JSON.stringify(answers));
