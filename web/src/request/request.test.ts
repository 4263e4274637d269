import { describe, expect, test } from 'vitest';
import { shopApi } from '../testing/shop';
import { bodyValue, callPath, mistakes, payload, type Call } from './call';
import { tableOfJson, tableOfText } from './table';
import { sizeText, timeText } from './words';

const api = shopApi();

function call(id: string, values: Record<string, string> = {}, body = ''): Call {
  const operation = api.byId.get(id);
  if (!operation) throw new Error(`no operation ${id}`);
  return { operation, version: '4.0', origin: 'http://shop:1', values, body };
}

describe('the address of a call', () => {
  test('has each value encoded once', () => {
    expect(callPath(call('thing', { thing_id: 'model::a/b c', fields: 'id,name' }))).toBe(
      '/api/4.0/things/model%3A%3Aa%2Fb%20c?fields=id,name',
    );
  });

  test('leaves out what is not filled in', () => {
    expect(callPath(call('all_things', { limit: '10', hidden: '' }))).toBe('/api/4.0/things?limit=10');
    expect(callPath(call('thing'))).toBe('/api/4.0/things/{thing_id}');
  });

  test('takes a value as it is, whatever signs are in it', () => {
    expect(callPath(call('thing', { thing_id: '$&' }))).toBe('/api/4.0/things/%24%26');
  });
});

describe('mistakes', () => {
  test('name what is missing or has the wrong form', () => {
    expect(mistakes(call('thing'))).toHaveProperty('thing_id');
    expect(mistakes(call('all_things', { limit: 'ten', hidden: 'maybe' }))).toMatchObject({
      limit: expect.any(String),
      hidden: expect.any(String),
    });
    expect(mistakes(call('create_thing'))).toHaveProperty('body');
    expect(mistakes(call('create_thing', {}, '{'))).toHaveProperty('body');
  });

  test('are none in a call that is right', () => {
    expect(mistakes(call('all_things', { limit: '-1', hidden: 'true' }))).toEqual({});
    expect(mistakes(call('create_thing', {}, '{"name": "x"}'))).toEqual({});
    expect(mistakes(call('login'))).toEqual({});
  });
});

describe('a body', () => {
  test('is sent as it was typed', () => {
    expect(payload(call('create_thing', {}, '{ "name": "x" }'))).toEqual({
      contentType: 'application/json',
      text: '{ "name": "x" }',
    });
    expect(payload(call('thing', { thing_id: '1' }, '{}'))).toBeUndefined();
  });

  test('of a form is typed as JSON and sent as a form', () => {
    const login = call('login', {}, '{"client_id": "a&b", "client_secret": "ü"}');
    expect(payload(login)?.text).toBe('client_id=a%26b&client_secret=%C3%BC');
    expect(bodyValue(login)).toEqual({ client_id: 'a&b', client_secret: 'ü' });
  });
});

describe('a table', () => {
  test('is made of a list of objects, with the columns of all of them', () => {
    const table = tableOfJson([{ a: 1, b: null }, { a: 'x', c: { deep: true } }]);
    expect(table).toEqual({
      columns: ['a', 'b', 'c'],
      rows: [
        ['1', '∅', '∅'],
        ['x', '∅', '{"deep":true}'],
      ],
      total: 2,
    });
  });

  test('is found inside of a detailed result, cells as they are shown', () => {
    const detail = { fields: {}, data: [{ 'orders.count': { value: 6, rendered: '6.0' }, 'orders.id': { value: 3 } }] };
    expect(tableOfJson(detail)?.rows).toEqual([['6.0', '3']]);
  });

  test.each([[{}], [[]], ['text'], [null], [[1, 2]], [{ data: 'x' }]])('is not made of %j', (value) => {
    expect(tableOfJson(value)).toBeUndefined();
  });

  test('is made of CSV, quotes, commas and lines inside of cells included', () => {
    const text = 'Name,Note\r\n"a ""b"", c",x\r\n"two\nlines",\r\n';
    expect(tableOfText(text, ',')).toEqual({
      columns: ['Name', 'Note'],
      rows: [
        ['a "b", c', 'x'],
        ['two\nlines', ''],
      ],
      total: 2,
    });
    expect(tableOfText('', ',')).toBeUndefined();
  });

  test('shows the first rows and counts all', () => {
    const table = tableOfJson(Array.from({ length: 1200 }, (_, at) => ({ at })));
    expect(table).toMatchObject({ total: 1200, rows: { length: 500 } });
  });
});

test('sizes and times are told in their unit', () => {
  expect([sizeText(0), sizeText(999), sizeText(1500), sizeText(25_000), sizeText(3_200_000)]).toEqual([
    '0 B',
    '999 B',
    '1.5 kB',
    '25 kB',
    '3.2 MB',
  ]);
  expect([timeText(0.2), timeText(42.4), timeText(1234), timeText(12_345)]).toEqual(['1 ms', '42 ms', '1.23 s', '12.3 s']);
});
