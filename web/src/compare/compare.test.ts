import { describe, expect, test } from 'vitest';
import type { Document, Schema } from '../document/openapi';
import { operation, shop, shopApi } from '../testing/shop';
import { readApi } from '../document/api';
import { compare } from './comparison';
import { pairs } from './pair';
import { sections, type Row } from './rows';

const before = shopApi();

/** The lines that differ in one operation after a change of the document. */
function lines(id: string, change: (document: Document) => void): Row[] {
  const after = shopApi(change);
  const [left, right] = [before.byId.get(id), after.byId.get(id)];
  if (!left || !right) throw new Error(`no operation ${id}`);
  return sections(left, right, before, after)
    .flatMap(({ rows }) => rows)
    .filter(({ mark }) => mark !== 'same');
}

function properties(document: Document): Record<string, Schema> {
  return document.components.schemas['Thing']?.properties ?? {};
}

function parameters(document: Document) {
  return document.paths['/things']?.['get']?.parameters ?? [];
}

test('the same document has no difference', () => {
  expect(compare(before, shopApi()).every(({ change }) => change === 'same')).toBe(true);
});

describe('a line breaks programs', () => {
  test.each<[string, string, (document: Document) => void]>([
    ['a parameter goes', 'limit', (document) => parameters(document).splice(1, 1)],
    ['a parameter has another type', 'limit', (document) => Object.assign(parameters(document)[1] ?? {}, { schema: { type: 'string' } })],
    ['a parameter becomes required', 'limit', (document) => Object.assign(parameters(document)[1] ?? {}, { required: true })],
    ['a required parameter comes', 'shelf', (document) => parameters(document).push({ name: 'shelf', in: 'query', required: true, schema: { type: 'string' } })],
    ['a property of the answer goes', 'labels', (document) => delete properties(document)['labels']],
    ['a property of the answer has another type', 'id', (document) => (properties(document)['id'] = { type: 'integer', readOnly: true })],
    ['a property of the answer may be null', 'name', (document) => (properties(document)['name'] = { type: 'string', nullable: true })],
  ])('when %s', (_, name, change) => {
    const found = lines('all_things', change);
    expect(found.map((row) => [row.name, row.isBreaking])).toContainEqual([name, true]);
  });
});

describe('a line breaks nothing', () => {
  test.each<[string, string, (document: Document) => void]>([
    ['a parameter comes', 'shelf', (document) => parameters(document).push({ name: 'shelf', in: 'query', schema: { type: 'string' } })],
    ['a property of the answer comes', 'colour', (document) => (properties(document)['colour'] = { type: 'string' })],
    ['a parameter is deprecated', 'limit', (document) => Object.assign(parameters(document)[1] ?? {}, { deprecated: true })],
  ])('when %s', (_, name, change) => {
    const found = lines('all_things', change);
    expect(found.map((row) => row.name)).toContain(name);
    expect(found.filter(({ isBreaking }) => isBreaking)).toEqual([]);
  });

  test('when an object inside changes: the line says so and leads there', () => {
    const found = lines('all_things', (document) => {
      Object.assign(document.components.schemas['Owner']?.properties ?? {}, { name: { type: 'string' } });
    });
    expect(found).toMatchObject([
      { name: 'parts', mark: 'inside' },
      { name: 'owner', mark: 'inside', right: { schema: 'Owner' } },
    ]);
  });
});

test('a body that must have more than before breaks programs', () => {
  const found = lines('create_thing', (document) => document.components.schemas['Thing']?.required?.push('kind'));
  expect(found.filter(({ isBreaking }) => isBreaking).map(({ name }) => name)).toEqual(['kind']);
});

describe('operations belong together', () => {
  const documented = (ids: Record<string, string>): Document => {
    const paths: Document['paths'] = {};
    for (const [id, call] of Object.entries(ids)) {
      const [method = '', path = ''] = call.split(' ');
      paths[path] = { ...paths[path], [method]: operation(id) };
    }
    return { ...shop(), paths };
  };
  const paired = (left: Record<string, string>, right: Record<string, string>) => {
    const [from, to] = [left, right].map((ids) => readApi(documented(ids), { version: '4.0' }));
    const found = pairs(from?.operations ?? [], to?.operations ?? []);
    return found.map(({ left, right, by }) => `${left?.id ?? ''} ${right?.id ?? ''} ${by}`);
  };

  test('by their path, whatever its parameters are called', () => {
    expect(paired({ look: 'get /looks/{id}' }, { look_by_id: 'get /looks/{look_id}' })).toEqual(['look look_by_id path']);
  });

  test('by their name, when the path has moved', () => {
    expect(paired({ look: 'get /looks/{id}' }, { look: 'get /things/looks/{id}' })).toEqual(['look look id']);
  });

  test('by a word that was put in the place of another, also into what is there already', () => {
    const left = {
      all_homepages: 'get /homepages',
      homepage: 'get /homepages/{homepage_id}',
      search_homepages: 'get /homepages/search',
      space: 'get /spaces/{space_id}',
      space_children: 'get /spaces/{space_id}/children',
      space_looks: 'get /spaces/{space_id}/looks',
      folder: 'get /folders/{folder_id}',
      folder_children: 'get /folders/{folder_id}/children',
      folder_looks: 'get /folders/{folder_id}/looks',
      look: 'get /looks/{look_id}',
      search_looks: 'get /looks/search',
    };
    const right = {
      all_boards: 'get /boards',
      board: 'get /boards/{board_id}',
      search_boards: 'get /boards/search',
      folder: left.folder,
      folder_children: left.folder_children,
      folder_looks: left.folder_looks,
      look: left.look,
      search_looks: left.search_looks,
    };
    const found = paired(left, right);
    expect(found).toContain('homepage board words');
    expect(found).toContain('search_homepages search_boards words');
    expect(found).toContain('space folder words');
    expect(found).toContain('space_children folder_children words');
    expect(found.filter((pair) => pair.endsWith('none'))).toEqual([]);
    const [from, to] = [left, right].map((ids) => readApi(documented(ids), { version: '4.0' }));
    if (!from || !to) throw new Error('no documents');
    const changes = new Map(compare(from, to).map(({ left, change }) => [left?.id, change]));
    expect([changes.get('homepage'), changes.get('space'), changes.get('folder')]).toEqual(['renamed', 'merged', 'same']);
  });

  test('and otherwise have come or gone', () => {
    expect(paired({ old: 'post /old' }, { young: 'get /young' })).toEqual(['old  none', ' young none']);
  });
});
