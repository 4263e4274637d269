import { CompletionContext } from '@codemirror/autocomplete';
import { json } from '@codemirror/lang-json';
import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';
import { shopApi } from '../testing/shop';
import { complete } from './completion';

const { schemas } = shopApi();
const thing = { $ref: '#/components/schemas/Thing' };

/** What is offered at the `|` in a text. */
function offered(text: string, schema: object = thing): string[] {
  const at = text.indexOf('|');
  const state = EditorState.create({ doc: text.replace('|', ''), extensions: [json()] });
  const result = complete(new CompletionContext(state, at, true), schema, schemas);
  return (result?.options ?? []).map(({ label }) => JSON.parse(label) as string);
}

test('names that may be sent are offered, those that are there already are not', () => {
  const names = offered('{"name": "x", "|"}');
  expect(names).toContain('kind');
  expect(names).not.toContain('name');
  expect(names).not.toContain('id');
});

test('words and truth values are offered where they may stand', () => {
  expect(offered('{"kind": "|"}')).toEqual(['small', 'large']);
  expect(offered('{"name": "|"}')).toEqual([]);
});

test('an object inside of a list is known by its place', () => {
  expect(offered('{"parts": [{"|"}]}')).toContain('kind');
  expect(offered('{"parts": [{"kind": "|"}]}')).toEqual(['small', 'large']);
  expect(offered('{"nobody": {"|"}}')).toEqual([]);
});

test('a body that is a list offers the names of its items', () => {
  expect(offered('[{"|"}]', { type: 'array', items: thing })).toContain('kind');
});
