import { expect, test } from 'vitest';
import { link, parseRoute, type Route } from './route';

test.each<[string, Route]>([
  ['#/', { page: 'start', edition: undefined }],
  ['#/4.0@26.12', { page: 'start', edition: { version: '4.0', release: '26.12' } }],
  ['#/operations/run_query', { page: 'operation', edition: undefined, id: 'run_query' }],
  ['#/4.0/operations/run_query', { page: 'operation', edition: { version: '4.0' }, id: 'run_query' }],
  ['#/3.1/schemas/Query', { page: 'schema', edition: { version: '3.1' }, name: 'Query' }],
  ['#/compare/3.1/4.0@26.22', { page: 'compare', from: { version: '3.1' }, to: { version: '4.0', release: '26.22' } }],
  ['#/compare/3.1/4.0/operations/look', { page: 'compare', from: { version: '3.1' }, to: { version: '4.0' }, operation: 'look' }],
  ['#/compare/3.1/4.0/schemas/Look', { page: 'compare', from: { version: '3.1' }, to: { version: '4.0' }, schema: 'Look' }],
])('%s is a place, and the place has that address', (fragment, route) => {
  expect(parseRoute(fragment)).toEqual(route);
  expect(link(route)).toBe(fragment);
});

test('the links of the older pages lead to the operation', () => {
  expect(parseRoute('#!/Query/run_inline_query')).toEqual({ page: 'operation', edition: undefined, id: 'run_inline_query' });
});

test.each(['', '#', '#/%', '#/nonsense', '#/compare/x/4.0', '#/4.0/operations/'])('%j is the start', (fragment) => {
  expect(parseRoute(fragment).page).toBe('start');
});
