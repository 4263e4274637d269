// Reads result formats into rows of values. The SDK has parsed `application/json` bodies before they come here.

const cellValues = (row) => Object.values(row).map((cell) => cell.value);
const lines = (text) => text.trimEnd().split('\n');
const unescapeHtml = (text) =>
  text.replace(/&(lt|gt|quot|amp|#39);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" })[name]);

/** By format: a function from the SDK's answer to rows, typed in the JSON formats, text in the others. */
export const READERS = {
  json: (rows) => rows.map(Object.values),
  json_label: (rows) => rows.map(Object.values),
  json_detail: (result) => result.data.map(cellValues),
  json_bi: (result) => result.rows.map(cellValues),
  csv: (text) => lines(text).slice(1).map((line) => line.split(',')),
  txt: (text) => lines(text).slice(1).map((line) => line.split('\t')),
  md: (text) =>
    lines(text)
      .slice(2)
      .map((line) => line.split('|').slice(1, -1).map((cell) => unescapeHtml(cell.trim()))),
  html: (text) =>
    [...text.matchAll(/<tr>(.*?)<\/tr>/gs)]
      .map(([, row]) => [...row.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell]) => unescapeHtml(cell)))
      .filter((row) => row.length > 0),
};

/** Rows of text with a number wherever the typed rows have one. */
export const typedLike = (typed, rows) =>
  rows.map((cells, row) => cells.map((cell, at) => (typeof typed[row]?.[at] === 'number' ? Number(cell) : cell)));
