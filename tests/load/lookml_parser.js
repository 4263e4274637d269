// Seconds that the npm package lookml-parser takes for the files that are named, read beforehand. A file that it refuses
// is passed over and counted.
const { readFileSync } = require("node:fs");
const { parse } = require("lookml-parser");

const texts = process.argv.slice(2).map((file) => readFileSync(file, "utf8"));
let refused = 0;
const started = process.hrtime.bigint();
for (const text of texts) {
  try {
    parse(text);
  } catch {
    refused += 1;
  }
}
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
console.log(JSON.stringify({ seconds, refused }));
