import { describe, expect, test } from 'vitest';
import { shopApi } from '../testing/shop';
import { documentPath, editionText, parseEdition } from './edition';
import { example } from './example';
import { namedPart, typeText, writable } from './schema';
import { search } from './search';

describe('a document', () => {
  const api = shopApi();

  test('is read operation by operation', () => {
    expect(api.release).toBe('26.22');
    expect(api.operations.map(({ id }) => id)).toEqual(['login', 'all_things', 'create_thing', 'thing', 'delete_thing']);
    expect(api.tags.map(({ name, operations }) => [name, operations.length])).toEqual([['Shop', 5]]);
    expect(api.byId.get('login')).toMatchObject({ needsToken: false, method: 'POST', implemented: true });
    expect(api.byId.get('create_thing')?.body).toMatchObject({ required: true, contentType: 'application/json' });
  });

  test('says what is deprecated and what this server has no code for', () => {
    expect(api.byId.get('delete_thing')).toMatchObject({ status: 'deprecated', implemented: false });
    expect(api.byId.get('thing')).toMatchObject({ status: 'stable', implemented: true });
  });
});

describe('types', () => {
  test.each([
    [{ type: 'string' }, 'string', undefined],
    [{ type: 'integer', format: 'int64' }, 'integer, int64', undefined],
    [{}, 'any', undefined],
    [{ $ref: '#/components/schemas/Thing' }, 'Thing', 'Thing'],
    [{ allOf: [{ $ref: '#/components/schemas/Thing' }], nullable: true }, 'Thing', 'Thing'],
    [{ type: 'array', items: { $ref: '#/components/schemas/Thing' } }, 'Thing[]', 'Thing'],
    [{ type: 'object', additionalProperties: { type: 'boolean' } }, 'map of boolean', undefined],
    [{ type: 'object', additionalProperties: {} }, 'map of any', undefined],
  ])('%j is %s', (schema, text, name) => {
    expect(typeText(schema)).toBe(text);
    expect(namedPart(schema)).toBe(name);
  });

  test('what is read-only is not writable', () => {
    const { schemas } = shopApi();
    const names = writable({ $ref: '#/components/schemas/Thing' }, schemas).map(({ name }) => name);
    expect(names).not.toContain('id');
    expect(names).toContain('secret');
  });

  test('an object whose properties are all read-only may be sent whole', () => {
    const schema = { properties: { group_id: { type: 'string', readOnly: true } } };
    expect(writable(schema, {}).map(({ name }) => name)).toEqual(['group_id']);
  });
});

describe('examples', () => {
  const { schemas } = shopApi();
  const thing = { $ref: '#/components/schemas/Thing' };

  test('a body begins with what must be there', () => {
    expect(example(thing, schemas, 'required')).toEqual({ name: '' });
  });

  test('a body leaves out what cannot be sent and what should not be', () => {
    const body = example(thing, schemas, 'writable') as object;
    expect(Object.keys(body)).toEqual(['name', 'count', 'kind', 'made_at', 'filters', 'labels', 'parts', 'secret']);
    expect(body).toMatchObject({ kind: 'small', filters: { name: 'text' }, labels: ['text'] });
  });

  test('an answer has everything but secrets, and ends where an object holds itself', () => {
    const answer = example(thing, schemas, 'answer') as Record<string, unknown>;
    expect(answer).not.toHaveProperty('secret');
    expect(answer['parts']).toEqual([]);
    expect(answer['owner']).toEqual({ id: 'text', things: [] });
  });
});

describe('search', () => {
  const { operations } = shopApi();
  const found = (text: string) => search(operations, text).map(({ id }) => id);

  test('takes words in any form and order', () => {
    expect(found('thing create')).toEqual(['create_thing']);
    expect(found('/things/{thing_id}')).toEqual(['thing', 'delete_thing']);
    expect(found('POST')).toEqual(['login', 'create_thing']);
    expect(found('  ')).toHaveLength(5);
    expect(found('nothing like it')).toEqual([]);
  });

  test('puts the operation of that very name first', () => {
    expect(found('thing')[0]).toBe('thing');
  });
});

test('an edition has a text and an address', () => {
  expect(parseEdition('4.0@26.12')).toEqual({ version: '4.0', release: '26.12' });
  expect(parseEdition('3.1')).toEqual({ version: '3.1' });
  expect(parseEdition('x')).toBeUndefined();
  expect(parseEdition('4.0@26.12/..')).toBeUndefined();
  expect(editionText({ version: '4.0', release: '26.12' })).toBe('4.0@26.12');
  expect(documentPath({ version: '4.0', release: '26.12' })).toBe('/api/4.0/openapi.json?release=26.12');
  expect(documentPath({ version: '3.1' })).toBe('/api/3.1/openapi.json');
});

test('what has no tag stands under another', () => {
  const api = shopApi((document) => {
    delete document.tags;
    for (const methods of Object.values(document.paths)) for (const each of Object.values(methods)) delete each.tags;
  });
  expect(api.tags.map(({ name, description }) => [name, description])).toEqual([['Other', '']]);
});
