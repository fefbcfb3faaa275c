// Renders a Vega or Vega-Lite specification whose data are inline: node render.mjs spec.json picture.svg
//
// Vega has no network here: its loader refuses every address, so a query that was left in a specification fails.
// VEGA_MODULES is the folder that has Vega in its node_modules: NODE_PATH does not reach ES modules.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.VEGA_MODULES, "node_modules", "any.js"));
const vega = await import(require.resolve("vega"));
const lite = await import(require.resolve("vega-lite"));

const [source, target] = process.argv.slice(2);
const given = JSON.parse(await readFile(source, "utf8"));
const spec = given.$schema.includes("vega-lite") ? lite.compile(given).spec : given;

const warnings = [];
const logger = {
  level() { return this; },
  error(...what) { warnings.push(what.join(" ")); return this; },
  warn(...what) { warnings.push(what.join(" ")); return this; },
  info() { return this; },
  debug() { return this; },
};
const loader = { load: async (uri) => { throw new Error(`no data at ${uri}: they must be inline`); } };
const view = new vega.View(vega.parse(spec), { renderer: "none", logger, loader });
await view.runAsync();
await writeFile(target, await view.toSVG());
if (warnings.length) {
  console.error(warnings.join("\n"));
  process.exit(1);
}
