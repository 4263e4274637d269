import type { Operation } from './api';

/**
 * The operations that hold every word of a search, the best first: in the operationId, the path, the tag or what it
 * does. An underscore, a slash and a space are the same, so `run inline` finds `run_inline_query`.
 */
export function search(operations: readonly Operation[], text: string): Operation[] {
  const words = normal(text).split(' ').filter(Boolean);
  if (words.length === 0) return [...operations];
  const whole = words.join(' ');
  return operations
    .map((operation) => ({ operation, rank: rank(operation, words, whole) }))
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => other.rank - one.rank)
    .map(({ operation }) => operation);
}

function rank(operation: Operation, words: string[], whole: string): number {
  const id = normal(operation.id);
  if (id === whole) return 1000;
  const fields: [string, number][] = [
    [id, 8],
    [normal(operation.path), 4],
    [normal(`${operation.method} ${operation.tag} ${operation.status}`), 3],
    [normal(operation.summary), 2],
    [normal(operation.description), 1],
  ];
  let total = id.startsWith(whole) ? 100 : 0;
  for (const word of words) {
    const best = Math.max(...fields.map(([field, weight]) => (field.includes(word) ? weight : 0)));
    if (best === 0) return 0;
    total += best;
  }
  return total;
}

function normal(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, ' ')
    .trim();
}
