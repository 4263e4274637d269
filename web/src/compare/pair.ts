import type { Operation } from '../document/api';

/** An operation of one edition and what stands for it in the other. */
export interface Pair {
  left: Operation | undefined;
  right: Operation | undefined;
  /** How the two were found to belong together. */
  by: 'path' | 'id' | 'words' | 'none';
}

/** The path with parameters unnamed: what a call of it looks like. */
function form({ method, path }: Operation): string {
  return `${method} ${path.replace(/\{[^}]*\}/g, '{}')}`;
}

/**
 * Pairs the operations of two editions: by method and path, then by operationId, then by a word of the path that was
 * put in the place of another throughout (`/homepages/...` has become `/boards/...`). What another operation has taken
 * over is paired with that one, too. What is left has come or gone.
 */
export function pairs(left: readonly Operation[], right: readonly Operation[]): Pair[] {
  const byForm = new Map(right.map((operation) => [form(operation), operation]));
  const byId = new Map(right.map((operation) => [operation.id, operation]));
  const taken = new Set<Operation>();
  const found = new Map<Operation, Pair>();
  const pair = (one: Operation, other: Operation | undefined, by: Pair['by']) => {
    if (!other || found.has(one)) return;
    taken.add(other);
    found.set(one, { left: one, right: other, by });
  };
  for (const operation of left) pair(operation, byForm.get(form(operation)), 'path');
  for (const operation of left) {
    const other = byId.get(operation.id);
    if (other && !taken.has(other)) pair(operation, other, 'id');
  }
  const rest = left.filter((operation) => !found.has(operation));
  const words = replacedWords(rest, right, taken);
  for (const operation of rest) pair(operation, byForm.get(withWords(form(operation), words)), 'words');
  const gone = left.map((operation) => found.get(operation) ?? { left: operation, right: undefined, by: 'none' as const });
  const come = right.filter((operation) => !taken.has(operation));
  return [...gone, ...come.map((operation) => ({ left: undefined, right: operation, by: 'none' as const }))];
}

/**
 * Which word of a path stands for which: each two paths that differ in one word alone speak for the pair. They weigh
 * more with more words in common, where nothing else claims the newer one, and where the words themselves share a part
 * (`homepage_items`, `board_items`). The heaviest pair counts, if it is one.
 */
function replacedWords(
  left: readonly Operation[],
  right: readonly Operation[],
  taken: ReadonlySet<Operation>,
): Map<string, string> {
  const votes = new Map<string, Map<string, number>>();
  for (const one of left) {
    for (const other of right) {
      const { word, newer, common } = onlyDifference(form(one), form(other)) ?? {};
      if (word === undefined || newer === undefined || common === undefined) continue;
      const weight = (1 + 3 * common) * (taken.has(other) ? 1 : 2) * (sharePart(word, newer) ? 2 : 1);
      const row = votes.get(word) ?? new Map<string, number>();
      row.set(newer, (row.get(newer) ?? 0) + weight);
      votes.set(word, row);
    }
  }
  const best = new Map<string, string>();
  for (const [word, row] of votes) {
    const [first, second] = [...row].sort(([, one], [, other]) => other - one);
    if (first && first[1] > LEAST && first[1] > (second?.[1] ?? 0)) best.set(word, first[0]);
  }
  return best;
}

/** A single pair of paths without a word in common says nothing. */
const LEAST = 4;

/** The one word in which two paths differ, and how many words they have in common. */
function onlyDifference(one: string, other: string): { word: string; newer: string; common: number } | undefined {
  const [[method, ...words], [newerMethod, ...newerWords]] = [one.split(/[ /]+/), other.split(/[ /]+/)];
  if (method !== newerMethod || words.length !== newerWords.length) return undefined;
  const different = words.flatMap((word, at) => (word === newerWords[at] ? [] : [at]));
  const [at] = different;
  if (at === undefined || different.length > 1) return undefined;
  const [word = '{}', newer = '{}'] = [words[at], newerWords[at]];
  if (word === '{}' || newer === '{}') return undefined;
  return { word, newer, common: words.filter((each) => each !== '{}').length - 1 };
}

function sharePart(word: string, newer: string): boolean {
  const parts = newer.split('_');
  return word.split('_').some((part) => parts.includes(part));
}

function withWords(form: string, words: ReadonlyMap<string, string>): string {
  return form
    .split('/')
    .map((word) => words.get(word) ?? word)
    .join('/');
}
