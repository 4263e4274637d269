// The official TypeScript SDK, unmodified: from login to rows and back out.

import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, describe, test } from 'node:test';
import { DelimArray } from '@looker/sdk-rtl';
import { LookerNodeSDK, NodeSettingsIniFile } from '@looker/sdk-node';
import { READERS, typedLike } from './formats.mjs';
import { Server, waitUntil } from './server.mjs';

for (const name of Object.keys(process.env)) {
  if (name.startsWith('LOOKERSDK_')) delete process.env[name];
}

// The SDK remarks on every call that it does not know of timeouts here.
console.debug = () => {};

// Neither states nor counts hold a comma, a pipe or a tab: the readers of this suite split at them.
const QUERY = {
  model: 'thelook',
  view: 'users',
  fields: ['users.state', 'users.count', 'users.average_age'],
  filters: { 'users.country': 'USA' },
  sorts: ['users.count desc', 'users.state'],
  limit: '12',
};

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.stop());

let sdk;
beforeEach(() => {
  sdk = LookerNodeSDK.init40(new NodeSettingsIniFile('LOOKERSDK', server.ini));
});
afterEach(() => sdk.authSession.logout());

/** The status of `me` with a token, past the SDK. */
async function statusWith(token) {
  const headers = { Authorization: `Bearer ${token}` };
  return (await fetch(`${server.baseUrl}/api/4.0/user`, { headers })).status;
}

describe('sessions', () => {
  test('me is the owner of the credentials', async () => {
    const me = await sdk.ok(sdk.me());
    const { client_id } = sdk.authSession.settings.readConfig();
    assert.ok(me.id && me.first_name && me.last_name);
    assert.ok(me.credentials_api3.some((credentials) => credentials.client_id === client_id));
    assert.deepEqual(Object.keys(await sdk.ok(sdk.me('id, email'))).sort(), ['email', 'id']);
  });

  test('a session goes to dev and back', async () => {
    const start = await sdk.ok(sdk.session());
    assert.deepEqual(start, { can: { view: true, update: true }, workspace_id: 'production', sudo_user_id: null });
    for (const workspace_id of ['dev', 'production']) {
      assert.equal((await sdk.ok(sdk.update_session({ workspace_id }))).workspace_id, workspace_id);
      assert.equal((await sdk.ok(sdk.session())).workspace_id, workspace_id);
    }
  });

  test('logout ends the token, and the next call signs in again', async () => {
    const me = await sdk.ok(sdk.me());
    const token = sdk.authSession.activeToken.access_token;
    assert.equal(await statusWith(token), 200);
    assert.equal(await sdk.authSession.logout(), true);
    assert.equal(await statusWith(token), 401);
    assert.equal((await sdk.ok(sdk.me())).id, me.id);
    assert.notEqual(sdk.authSession.activeToken.access_token, token);
  });

  test('an admin acts as a user and comes back', async () => {
    const me = await sdk.ok(sdk.me());
    await sdk.authSession.login(me.id);
    assert.equal(sdk.authSession.isSudo(), true);
    assert.equal((await sdk.ok(sdk.session())).sudo_user_id, me.id);
    await sdk.authSession.logout();
    assert.equal((await sdk.ok(sdk.session())).sudo_user_id, null);
  });

  test('an error carries its message and the address of its documentation', async () => {
    const answer = await sdk.user('987654321');
    assert.equal(answer.ok, false);
    assert.equal(answer.error.message, 'Not found');
    assert.match(answer.error.documentation_url, /\/err\/4\.0\/404\/get\/users\/:user_id$/);
    await assert.rejects(sdk.ok(sdk.lookml_model('nothing')), { name: 'LookerSDKError', message: /^Not found/ });
  });
});

describe('metadata', () => {
  test('versions and the document are served', async () => {
    const versions = await sdk.ok(sdk.versions());
    assert.equal(versions.current_version.version, '4.0');
    const document = await sdk.ok(sdk.api_spec('4.0', 'swagger.json'));
    assert.equal((typeof document === 'string' ? JSON.parse(document) : document).swagger, '2.0');
  });

  test('the models are those of the project', async () => {
    const [model, ...others] = await sdk.ok(sdk.all_lookml_models({}));
    assert.deepEqual(others, []);
    assert.equal(model.name, 'thelook');
    const names = model.explores.map((explore) => explore.name).sort();
    assert.deepEqual(names, ['events', 'inventory_items', 'order_items', 'orders', 'products', 'users']);
    assert.deepEqual(await sdk.ok(sdk.lookml_model('thelook')), model);
  });

  test('an explore tells its joins and fields, and only those asked for', async () => {
    const request = { lookml_model_name: 'thelook', explore_name: 'order_items' };
    const explore = await sdk.ok(sdk.lookml_model_explore({ ...request }));
    assert.equal(explore.id, 'thelook::order_items');
    assert.ok(explore.joins.some((join) => join.name === 'users' && join.relationship === 'many_to_one'));
    assert.ok(explore.fields.measures.some((field) => field.name === 'order_items.total_sale_price'));

    const fields = 'id,fields(dimensions(name,type))';
    const part = await sdk.ok(sdk.lookml_model_explore({ ...request, fields }));
    assert.deepEqual(Object.keys(part).sort(), ['fields', 'id']);
    assert.deepEqual(Object.keys(part.fields), ['dimensions']);
    assert.ok(part.fields.dimensions.every((field) => Object.keys(field).sort().join() === 'name,type'));
  });

  test('suggestions, connections, projects and users are told', async () => {
    const place = { model_name: 'thelook', view_name: 'users', field_name: 'users.country' };
    assert.ok((await sdk.ok(sdk.model_fieldname_suggestions(place))).suggestions.includes('USA'));
    assert.ok((await sdk.ok(sdk.all_connections())).some((connection) => connection.name === 'thelook'));
    const tests = await sdk.ok(sdk.test_connection('thelook', new DelimArray(['connect'])));
    assert.deepEqual(tests.map((result) => [result.name, result.status]), [['connect', 'success']]);
    assert.equal((await sdk.ok(sdk.project('thelook'))).id, 'thelook');
    const me = await sdk.ok(sdk.me());
    assert.ok((await sdk.ok(sdk.all_users({}))).some((user) => user.id === me.id));
  });
});

describe('queries', () => {
  test('the same query is made once and found again', async () => {
    const query = await sdk.ok(sdk.create_query(QUERY));
    const again = await sdk.ok(sdk.create_query(QUERY));
    assert.deepEqual([again.id, again.slug], [query.id, query.slug]);
    assert.deepEqual(await sdk.ok(sdk.query(query.id)), query);
    assert.equal((await sdk.ok(sdk.query_for_slug(query.slug))).id, query.id);
    assert.equal((await sdk.ok(sdk.query_for_slug(query.client_id))).id, query.id);
  });

  for (const [format, read] of Object.entries(READERS)) {
    test(`${format} holds the rows of the query, inline and kept`, async () => {
      const rows = READERS.json(await sdk.ok(sdk.run_inline_query({ result_format: 'json', body: QUERY })));
      assert.equal(rows.length, 12);
      const { id } = await sdk.ok(sdk.create_query(QUERY));
      const inline = await sdk.ok(sdk.run_inline_query({ result_format: format, body: QUERY }));
      const kept = await sdk.ok(sdk.run_query({ query_id: id, result_format: format }));
      assert.deepEqual(typedLike(rows, read(inline)), rows);
      assert.deepEqual(typedLike(rows, read(kept)), rows);
    });
  }

  test('sql shows what would run', async () => {
    const sql = await sdk.ok(sdk.run_inline_query({ result_format: 'sql', body: QUERY }));
    assert.equal(typeof sql, 'string');
    for (const field of QUERY.fields) assert.ok(sql.includes(`"${field}"`), sql);
  });

  test('options of a run travel in the address', async () => {
    const { id } = await sdk.ok(sdk.create_query(QUERY));
    const run = { query_id: id, result_format: 'json' };
    assert.equal((await sdk.ok(sdk.run_query({ ...run, limit: 2 }))).length, 2);
    assert.ok((await sdk.ok(sdk.run_query({ ...run, limit: -1 }))).length > 12);
    const [row] = await sdk.ok(sdk.run_query({ ...run, apply_formatting: true, cache: false }));
    assert.match(row['users.average_age'], /^\d+\.\d$/);
  });

  test('a task is polled to its result', async () => {
    const { id: query_id } = await sdk.ok(sdk.create_query(QUERY));
    const body = { query_id, result_format: 'json_bi' };
    const task = await sdk.ok(sdk.create_query_task({ body, fields: 'id' }));
    assert.deepEqual(Object.keys(task), ['id']);
    await waitUntil(
      async () => (await sdk.ok(sdk.query_task(task.id))).status === 'complete',
      60_000,
      'the task is complete',
    );
    const expected = READERS.json(await sdk.ok(sdk.run_query({ query_id, result_format: 'json' })));
    assert.deepEqual(READERS.json_bi(await sdk.ok(sdk.query_task_results(task.id))), expected);
    const several = await sdk.ok(sdk.query_task_multi_results(new DelimArray([task.id])));
    assert.equal(several[task.id].status, 'complete');
    assert.deepEqual(READERS.json_bi(several[task.id].data), expected);
  });

  test('a refused query says what is missing', async () => {
    const answer = await sdk.create_query({ fields: ['users.count'] });
    assert.equal(answer.ok, false);
    assert.equal(answer.error.message, 'Validation Failed');
    assert.deepEqual(answer.error.errors.map(({ field, code }) => [field, code]), [
      ['model', 'missing_field'],
      ['view', 'missing_field'],
    ]);
  });
});

describe('SQL Runner and merge queries', () => {
  test('a statement is kept once and run as it was written', async () => {
    const body = { connection_name: 'thelook', sql: "SELECT 1 AS one, 'x' AS letter" };
    const kept = await sdk.ok(sdk.create_sql_query(body));
    assert.equal((await sdk.ok(sdk.create_sql_query(body))).slug, kept.slug);
    assert.deepEqual(await sdk.ok(sdk.run_sql_query(kept.slug, 'json')), [{ one: 1, letter: 'x' }]);
    assert.equal(await sdk.ok(sdk.run_sql_query(kept.slug, 'csv')), 'one,letter\n1,x\n');
  });

  test('a merge query is read as it was written', async () => {
    const query = await sdk.ok(sdk.create_query(QUERY));
    const merge_fields = [{ field_name: 'users.state', source_field_name: 'users.state' }];
    const source_queries = [{ query_id: query.id }, { name: 'again', query_id: query.id, merge_fields }];
    const merged = await sdk.ok(sdk.create_merge_query({ source_queries }));
    const read = await sdk.ok(sdk.merge_query(merged.id));
    assert.deepEqual(read.source_queries.map((source) => source.query_id), [query.id, query.id]);
    assert.deepEqual(read.source_queries[1].merge_fields, merge_fields);
  });

  test('totals stand behind the pivoted rows', async () => {
    const fields = ['users.state', 'users.gender', 'users.count'];
    const pivoted = { ...QUERY, fields, pivots: ['users.gender'], sorts: ['users.state', 'users.gender'], total: true };
    const detail = await sdk.ok(sdk.run_inline_query({ result_format: 'json_detail', body: pivoted }));
    assert.equal(detail.has_totals, true);
    for (const { key } of detail.pivots) assert.ok(key in detail.totals_data['users.count'], key);
  });
});
