import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readApi, type Api, type Operation } from '../document/api';
import { example } from '../document/example';
import type { Document } from '../document/openapi';
import type { Call } from '../request/call';
import { shopApi } from '../testing/shop';
import { LANGUAGES } from '.';
import { PYTHON } from './python';
import { RUST } from './rust';
import { TYPESCRIPT } from './typescript';

const api = shopApi();

function call(id: string, values: Record<string, string> = {}, body = '', version = '4.0'): Call {
  const operation = api.byId.get(id);
  if (!operation) throw new Error(`no operation ${id}`);
  return { operation, version, origin: 'http://shop:1', values, body };
}

function written(language: (typeof LANGUAGES)[number]['id'], call: Call): string {
  return LANGUAGES.find(({ id }) => id === language)?.write(call, api.schemas) ?? '';
}

const NAMED = `{"name": "it's", "labels": ["a", "b"], "count": null}`;

describe('curl', () => {
  test('reads', () => {
    expect(written('curl', call('thing', { thing_id: 'a b' }))).toBe(
      `curl 'http://shop:1/api/4.0/things/a%20b' \\\n  --header "Authorization: Bearer $LOOKER_TOKEN"`,
    );
  });

  test('writes, and quotes of the body do not end it', () => {
    expect(written('curl', call('create_thing', {}, `{"name": "it's"}`))).toBe(
      [
        `curl --request POST 'http://shop:1/api/4.0/things'`,
        `--header "Authorization: Bearer $LOOKER_TOKEN"`,
        `--header 'Content-Type: application/json'`,
        `--data '{"name": "it'\\''s"}'`,
      ].join(' \\\n  '),
    );
  });

  test('sends no token where none is needed', () => {
    expect(written('curl', call('login', {}, '{"client_id": "x"}'))).not.toContain('Authorization');
  });
});

describe('Python', () => {
  test('uses the class of the SDK for a plain body', () => {
    expect(written('python', call('create_thing', { fields: 'id' }, '{"name": "x", "labels": ["a"]}'))).toContain(
      [
        'answer = sdk.create_thing(',
        '    body=models.WriteThing(',
        '        name="x",',
        '        labels=["a"],',
        '    ),',
        '    fields="id",',
        ')',
      ].join('\n'),
    );
  });

  test.each([
    ['an enumeration', '{"name": "x", "kind": "small"}'],
    ['an object inside', '{"name": "x", "parts": [{"name": "y"}]}'],
    ['an explicit null', '{"name": "x", "count": null}'],
    ['a missing name', '{"count": 1}'],
    ['a name that nobody knows', '{"name": "x", "more": 1}'],
  ])('uses a dictionary for a body with %s', (_, body) => {
    const text = written('python', call('create_thing', {}, body));
    expect(text).toContain('body={');
    expect(text).not.toContain('models.');
  });

  test('has its own words for truth and nothing', () => {
    expect(written('python', call('all_things', { limit: '10', hidden: 'true' }))).toContain(
      'sdk.all_things(limit=10, hidden=True)',
    );
    expect(written('python', call('create_thing', {}, NAMED))).toContain('"count": None');
  });

  test('speaks plain HTTP in a version that the SDK has not', () => {
    const text = written('python', call('create_thing', {}, NAMED, '3.1'));
    expect(text).toContain('requests.request(');
    expect(text).toContain('"http://shop:1/api/3.1/things"');
    expect(text).not.toContain('looker_sdk');
  });
});

describe('TypeScript', () => {
  test('takes parameters in order, or one object of them', () => {
    expect(written('typescript', call('thing', { thing_id: "it's" }))).toContain("sdk.ok(sdk.thing('it\\'s'))");
    expect(written('typescript', call('all_things', { limit: '10' }))).toContain('sdk.all_things({\n  limit: 10,\n})');
    expect(written('typescript', call('create_thing', { fields: 'id' }, '{"name": "x"}'))).toContain(
      "sdk.create_thing({\n  name: 'x',\n}, 'id')",
    );
  });

  test('speaks plain HTTP in a version that the SDK has not', () => {
    const text = written('typescript', call('login', {}, '{"client_id": "x"}', '3.1'));
    expect(text).toContain("body: 'client_id=x'");
    expect(text).not.toContain('@looker');
  });
});

describe('Rust', () => {
  test('sends JSON, forms and nothing', () => {
    expect(written('rust', call('create_thing', {}, NAMED))).toContain('.json(&serde_json::json!({');
    expect(written('rust', call('login', {}, '{"client_id": "x"}'))).toContain('.form(&serde_json::json!({');
    expect(written('rust', call('delete_thing', { thing_id: '1' }))).toContain('.delete("http://shop:1/api/4.0/things/1")');
  });
});

describe('a text stays in its quotes, whatever is in it', () => {
  const hostile = '"\'`$(x)\\\n\t\r\u0000\u007f\u2028${x} é 🙂';

  test('in TypeScript', () => {
    expect(new Function(`return ${TYPESCRIPT.text(hostile)}`)()).toBe(hostile);
  });

  test('in Python, whose escapes JSON has too', () => {
    expect(JSON.parse(PYTHON.text(hostile))).toBe(hostile);
  });

  test('in Rust, whose escapes have braces', () => {
    const json = RUST.text(hostile).replace(/\\u\{([0-9a-f]+)\}/g, (_, code: string) => `\\u${code.padStart(4, '0')}`);
    expect(JSON.parse(json)).toBe(hostile);
  });

  test('and half a character becomes the sign for one that is lost', () => {
    expect(TYPESCRIPT.text('a\ud800')).toBe("'a\ufffd'");
  });
});

/** A call of an operation with every parameter, or with those alone that must be there. */
function filled(api: Api, operation: Operation, which: 'all' | 'required'): Call {
  const parameters = operation.parameters.filter(({ required }) => required || which === 'all');
  const values = parameters.map(({ name, schema }) => {
    const value = schema.enum?.[0] ?? example(schema, {}, 'answer');
    return [name, Array.isArray(value) ? 'a,b' : String(value)];
  });
  const body = operation.body && (operation.body.required || which === 'all');
  const text = body ? JSON.stringify(example(operation.body?.schema ?? {}, api.schemas, 'required')) : '';
  return { operation, version: '4.0', origin: 'http://shop:1', values: Object.fromEntries(values), body: text };
}

test('every operation that the SDK has is called as its types want it', { timeout: 120_000 }, () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const file = path.join(root, '../crates/api/src/generated/documents/openapi-4.0.json');
  const document = JSON.parse(readFileSync(file, 'utf8')) as Document;
  // The head is made when the document is served. The SDK knows what there was up to release 26.12.
  document.info.version = '4.0.0';
  const isNew = (part: object) => (part as Record<string, unknown>)['x-since'] === '26.22';
  for (const methods of Object.values(document.paths)) {
    for (const each of Object.values(methods)) each.parameters = each.parameters?.filter((part) => !isNew(part)) ?? [];
  }
  const whole = readApi(document, { version: '4.0' });
  const sdk = readFileSync(path.join(root, 'node_modules/@looker/sdk/lib/4.0/methods.d.ts'), 'utf8');
  const typescript = LANGUAGES[2].write;
  const folder = path.join(root, 'node_modules/.snippets');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let count = 0;
  for (const operation of whole.operations) {
    if (!sdk.includes(`\n    ${operation.id}(`)) continue;
    for (const which of ['required', 'all'] as const) {
      const text = typescript(filled(whole, operation, which), whole.schemas);
      writeFileSync(path.join(folder, `${operation.id}.${which}.ts`), `${text}\nexport {}\n`);
      count += 1;
    }
  }
  expect(count).toBeGreaterThan(60);
  writeFileSync(path.join(folder, 'sdk-node.d.ts'), NODE_SDK);
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(STRICT));
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  expect(run.stdout + run.stderr).toBe('');
  expect(run.status).toBe(0);
});

/** The part of `@looker/sdk-node` that snippets use; all methods come from `@looker/sdk`. */
const NODE_SDK = `declare module '@looker/sdk-node' {
  import type { Looker40SDK } from '@looker/sdk'
  export const LookerNodeSDK: { init40(): Looker40SDK }
}
`;

const STRICT = {
  compilerOptions: {
    target: 'ES2023',
    module: 'ESNext',
    moduleResolution: 'Bundler',
    lib: ['ES2023', 'DOM'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  },
  include: ['*.ts'],
};
