/** Colours for code that is only read: the text in pieces with classes, without an editor around it. */

import { StreamLanguage } from '@codemirror/language';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import type { Parser } from '@lezer/common';
import { classHighlighter, highlightCode } from '@lezer/highlight';
import { parser as javascript } from '@lezer/javascript';
import { parser as json } from '@lezer/json';
import { parser as python } from '@lezer/python';
import { parser as rust } from '@lezer/rust';

export type Syntax = 'json' | 'python' | 'rust' | 'shell' | 'text' | 'typescript';

/** A part of a text that has one colour. */
export interface Piece {
  text: string;
  /** Classes such as `tok-string`; empty for plain text. */
  classes: string;
}

const PARSERS: Record<Exclude<Syntax, 'text'>, Parser> = {
  json,
  python,
  rust,
  shell: StreamLanguage.define(shell).parser,
  typescript: javascript.configure({ dialect: 'ts' }),
};

/** Cuts a text into pieces of one colour. Put together they are the text. */
export function highlight(text: string, syntax: Syntax): Piece[] {
  if (syntax === 'text') return [{ text, classes: '' }];
  const pieces: Piece[] = [];
  const tree = PARSERS[syntax].parse(text);
  highlightCode(
    text,
    tree,
    classHighlighter,
    (text, classes) => pieces.push({ text, classes }),
    () => pieces.push({ text: '\n', classes: '' }),
  );
  return pieces;
}
