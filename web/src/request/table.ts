/** A result as rows and columns. */
export interface Table {
  columns: string[];
  rows: string[][];
  /** How many rows there are in all; `rows` holds the first ones. */
  total: number;
}

/** Most rows that a table shows. */
const ROWS = 500;

/** JSON as a table: a list of objects, or the `data` or `rows` of a detailed result. */
export function tableOfJson(value: unknown): Table | undefined {
  const list = listOf(value);
  if (!list || list.length === 0 || !list.every(isObject)) return undefined;
  const columns = new Set<string>();
  for (const row of list.slice(0, ROWS)) for (const name of Object.keys(row)) columns.add(name);
  const names = [...columns];
  const rows = list.slice(0, ROWS).map((row) => names.map((name) => cellText(row[name])));
  return { columns: names, rows, total: list.length };
}

function listOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return undefined;
  const inner = value['data'] ?? value['rows'];
  return Array.isArray(inner) ? inner : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A cell of a detailed result has its text in `rendered`, else its `value`. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '∅';
  if (typeof value === 'string') return value;
  if (isObject(value) && 'value' in value) {
    return cellText(typeof value['rendered'] === 'string' ? value['rendered'] : value['value']);
  }
  return JSON.stringify(value);
}

/** CSV or tab-separated text as a table; quotes as RFC 4180 has them. */
export function tableOfText(text: string, separator: ',' | '\t'): Table | undefined {
  const [columns, ...rows] = records(text, separator);
  if (!columns) return undefined;
  return { columns, rows: rows.slice(0, ROWS), total: rows.length };
}

function records(text: string, separator: string): string[][] {
  const found: string[][] = [];
  let record: string[] = [];
  let field = '';
  let isQuoted = false;
  const endField = () => {
    record.push(field);
    field = '';
  };
  const endRecord = () => {
    endField();
    found.push(record);
    record = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (text.charAt(at + 1) === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && field === '') isQuoted = true;
    else if (character === separator) endField();
    else if (character === '\n') endRecord();
    else if (character !== '\r') field += character;
  }
  if (field !== '' || record.length > 0) endRecord();
  return found;
}
