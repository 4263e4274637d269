import type { Api, Operation } from '../document/api';
import { pairs, type Pair } from './pair';
import { sections, type Row } from './rows';

/** What became of an operation. */
export type Change = 'same' | 'changed' | 'renamed' | 'merged' | 'removed' | 'added';

/** An operation in a comparison of two editions. */
export interface Compared extends Pair {
  change: Change;
  /** How many lines differ in a way that programs may stumble over. */
  breaking: number;
  /** How many lines differ. */
  differences: number;
  tag: string;
  id: string;
}

/** Compares two editions operation by operation, ordered by tag and name. */
export function compare(from: Api, to: Api): Compared[] {
  const kept = new Set(to.operations.filter(({ id }) => from.byId.has(id)).map(({ id }) => id));
  return pairs(from.operations, to.operations)
    .map((pair) => compared(pair, from, to, kept))
    .sort((one, other) => (one.tag === other.tag ? order(one.id, other.id) : order(one.tag, other.tag)));
}

function compared(pair: Pair, from: Api, to: Api, kept: ReadonlySet<string>): Compared {
  const { left, right } = pair;
  const shown = (right ?? left) as Operation;
  const base = { ...pair, tag: shown.tag, id: shown.id };
  if (!right) return { ...base, change: 'removed', breaking: 1, differences: 1 };
  if (!left) return { ...base, change: 'added', breaking: 0, differences: 1 };
  const rows = sections(left, right, from, to).flatMap(({ rows }) => rows);
  const different = rows.filter(isDifferent);
  const breaking = different.filter(({ isBreaking }) => isBreaking).length;
  return { ...base, change: changeOf(left, right, kept, different), breaking, differences: different.length };
}

function changeOf(left: Operation, right: Operation, kept: ReadonlySet<string>, different: Row[]): Change {
  if (left.id !== right.id) return kept.has(right.id) ? 'merged' : 'renamed';
  return different.length === 0 ? 'same' : 'changed';
}

/** Whether a line is worth showing when only differences are. */
export function isDifferent({ mark }: Row): boolean {
  return mark !== 'same';
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
