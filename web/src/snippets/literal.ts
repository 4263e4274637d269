/** How a language writes values. */
export interface Language {
  text(value: string): string;
  number(value: number): string;
  truth(value: boolean): string;
  nothing: string;
  /** The name of an entry as it stands before its value, separator included. */
  entry(name: string): string;
}

/** A piece of code in the place of a value. */
export class Expression {
  constructor(readonly code: string) {}
}

const INDENT = '    ';

/** A value as a literal; short lists stay on one line. `depth` is how far the line is indented already. */
export function literal(value: unknown, language: Language, depth: number, indent = INDENT): string {
  if (value === null || value === undefined) return language.nothing;
  if (value instanceof Expression) return value.code;
  if (typeof value === 'string') return language.text(value);
  if (typeof value === 'number') return language.number(value);
  if (typeof value === 'boolean') return language.truth(value);
  const entries = Array.isArray(value)
    ? value.map((item) => literal(item, language, depth + 1, indent))
    : Object.entries(value).map(([name, part]) => language.entry(name) + literal(part, language, depth + 1, indent));
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return enclosed(entries, open ?? '', close ?? '', depth, indent, Array.isArray(value));
}

/** Entries between brackets: on one line where they are few and short, else one per line. */
export function enclosed(
  entries: string[],
  open: string,
  close: string,
  depth: number,
  indent = INDENT,
  mayBeOneLine = false,
): string {
  if (entries.length === 0) return open + close;
  const line = `${open}${entries.join(', ')}${close}`;
  if (mayBeOneLine && line.length <= 64 && !line.includes('\n')) return line;
  const margin = indent.repeat(depth + 1);
  return `${open}\n${entries.map((entry) => `${margin}${entry},\n`).join('')}${indent.repeat(depth)}${close}`;
}

/** Escapes of a string between `quote`s; `control` writes a control character. */
export function escaped(value: string, quote: string, control: (code: number) => string): string {
  let out = quote;
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    if (character === quote || character === '\\') out += `\\${character}`;
    else if (character === '\n') out += '\\n';
    else if (character === '\t') out += '\\t';
    else if (character === '\r') out += '\\r';
    else if (code < 0x20 || code === 0x7f || code === 0x2028 || code === 0x2029) out += control(code);
    else if (code >= 0xd800 && code <= 0xdfff) out += '\ufffd';
    else out += character;
  }
  return out + quote;
}

/** Whether a name can stand without quotes in the languages at hand. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

export function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
