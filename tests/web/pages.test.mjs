// The pages as a person uses them: Chromium, the binary, and the demonstration.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Server } from '../clients/node/server.mjs';
import { fillBody, launch, offerKey, rows, signIn, Watched } from './browser.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

const QUERY = {
  model: 'thelook',
  view: 'users',
  fields: ['users.state', 'users.count'],
  filters: { 'users.country': 'USA' },
  sorts: ['users.count desc', 'users.state'],
  limit: '5',
};

let server;
let browser;
let key;
/** The rows of the query, asked for without a page. */
let expected;

before(async () => {
  server = await Server.start();
  browser = await launch();
  const ini = await readFile(server.ini, 'utf8');
  const value = (name) => ini.match(new RegExp(`^${name}\\s*=\\s*"?([^\\s"]+)"?\\s*$`, 'm'))[1];
  key = { id: value('client_id'), secret: value('client_secret') };
  const body = new URLSearchParams({ client_id: key.id, client_secret: key.secret });
  const login = await fetch(`${server.baseUrl}/api/4.0/login`, { method: 'POST', body });
  key.token = (await login.json()).access_token;
  const answer = await fetch(`${server.baseUrl}/api/4.0/queries/run/json`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(QUERY),
  });
  const list = await answer.json();
  assert.equal(list.length, 5);
  expected = [QUERY.fields, ...list.map((row) => QUERY.fields.map((field) => String(row[field])))];
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const open = (path, options) => Watched.open(browser, server.baseUrl, path, options);

test('an API key, a search and a query give rows', async () => {
  const watched = await open('/api-explorer');
  const { page } = watched;
  await signIn(page, key);
  await page.getByRole('searchbox', { name: 'Search operations' }).fill('run inline query');
  await page.getByRole('navigation', { name: 'Operations' }).getByRole('link', { name: /run_inline_query/ }).click();
  await fillBody(page, QUERY);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  assert.deepEqual(await rows(page), expected);
  assert.equal(await page.getByText('200 OK').count(), 1);
  await watched.close();
});

test('it can be done with the keyboard alone', async () => {
  const watched = await open('/api-explorer');
  const { page } = watched;
  await signIn(page, key);
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Search operations' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type('run_inline_query');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('textbox', { name: /^Body/ }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(JSON.stringify(QUERY));
  await page.keyboard.press('Control+Enter');
  assert.deepEqual(await rows(page), expected);
  await page.keyboard.press('Escape');
  const tab = page.getByRole('tab', { name: 'Table' });
  await tab.focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.getByRole('tab', { name: 'JSON' }).getAttribute('aria-selected'), 'true');
  await watched.close();
});

test('the token is kept in memory alone, and a reload forgets it', async () => {
  const watched = await open('/api-explorer');
  const { page, context } = watched;
  await signIn(page, key);
  const kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    address: location.href,
    fields: [...document.querySelectorAll('input')].map(({ value }) => value).join(''),
  }));
  assert.deepEqual({ ...kept, address: '' }, { local: {}, session: {}, databases: [], caches: [], address: '', fields: '' });
  assert.ok(!kept.address.includes(key.secret));
  assert.deepEqual(await context.cookies(), []);
  await page.reload();
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  await watched.close();
});

test('signing out ends the token on the server', async () => {
  const watched = await open('/api-explorer');
  const { page } = watched;
  const login = page.waitForResponse((response) => response.url().endsWith('/login'));
  await signIn(page, key);
  const { access_token: token } = await (await login).json();
  const me = () => fetch(`${server.baseUrl}/api/4.0/user`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await me()).status, 200);
  const logout = page.waitForResponse((response) => response.url().endsWith('/logout'));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await logout;
  assert.equal((await me()).status, 401);
  await watched.close();
});

test('a key that nobody has is refused in words', async () => {
  const watched = await open('/api-explorer');
  const { page } = watched;
  await offerKey(page, { id: 'nobody', secret: 'nothing' });
  await page.getByRole('alert').getByText('does not know this API key').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  await watched.close([404]);
});

test('each format is shown as what it is', async () => {
  const watched = await open('/api-explorer#/operations/run_inline_query');
  const { page } = watched;
  await signIn(page, key);
  await fillBody(page, QUERY);
  const answerIn = async (format) => {
    await page.getByLabel('result_format').fill(format);
    // Listened for before the click: the answer may be there at once.
    const answered = page.waitForResponse((response) => response.url().endsWith(`/run/${format}`));
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await answered;
  };
  await answerIn('csv');
  const [names, ...cells] = await rows(page);
  assert.equal(names.length, 2);
  assert.deepEqual(
    cells,
    expected.slice(1),
  );
  await answerIn('sql');
  await page.getByLabel('Body of the answer').getByText('SELECT').waitFor();
  await answerIn('nonsense');
  await page.getByText('422').first().waitFor();
  await watched.close([400, 422]);
});

test('a refusal is shown with its status, its headers and its body', async () => {
  const watched = await open('/api-explorer#/operations/query');
  const { page } = watched;
  await signIn(page, key);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('This parameter is required.').waitFor();
  await page.getByLabel('query_id').fill('987654321');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('404 Not Found').waitFor();
  await page.getByLabel('Body of the answer').getByText('/r/err/4.0/404/get/queries/:query_id').waitFor();
  await page.getByRole('tab', { name: 'Headers' }).click();
  await page.getByText('x-request-id').waitFor();
  await watched.close([404]);
});

test('what has no code is marked, and says so when it is called', async () => {
  const document = await (await fetch(`${server.baseUrl}/api/4.0/openapi.json`)).json();
  const all = Object.values(document.paths).flatMap((methods) => Object.entries(methods));
  const [, absent] = all.find(([method, each]) => {
    const required = each.parameters?.some((parameter) => parameter.required) ?? false;
    return each['x-implemented'] === false && method === 'get' && !required;
  });
  const watched = await open(`/api-explorer#/operations/${absent.operationId}`);
  const { page } = watched;
  await signIn(page, key);
  await page.getByText('a call answers 501').waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('501 Not Implemented').waitFor();
  await watched.close([501]);
});

test('two versions stand side by side', async () => {
  const watched = await open('/api-explorer');
  const { page } = watched;
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByRole('heading', { name: 'Compare' }).waitFor();
  const older = page.getByRole('group', { name: 'Older' }).getByLabel('version');
  assert.equal(await older.inputValue(), '3.1');
  const list = page.getByRole('navigation', { name: 'Operations of both' });
  await list.getByRole('link', { name: /homepage → board/ }).first().waitFor();
  await list.getByRole('link', { name: /space → folder/ }).first().click();
  const pair = page.locator('.heads');
  await pair.getByText('/spaces/{space_id}').waitFor();
  await pair.getByText('/folders/{folder_id}').waitFor();
  // Ids were numbers once.
  await page.goto(`${server.baseUrl}/api-explorer#/compare/3.1/4.0/operations/look`);
  const id = page.locator('tr', { has: page.locator('th code', { hasText: /^id$/ }) });
  await id.waitFor();
  assert.equal(await id.getAttribute('class'), 'changed');
  assert.deepEqual(await id.locator('td .type').allTextContents(), ['integer, int64', 'string']);
  assert.equal(await id.getByText('breaking').count(), 1);
  await watched.close();
});

test('two releases stand side by side', async () => {
  const watched = await open('/api-explorer#/compare/4.0@26.12/4.0');
  const { page } = watched;
  const list = page.getByRole('navigation', { name: 'Operations of both' });
  await list.getByRole('link', { name: /test_connection_config|connection/ }).first().waitFor();
  const chip = (name) => page.getByRole('button', { name });
  assert.equal(await chip(/^\d+ removed/).textContent(), '2 removed');
  assert.equal(await chip(/^\d+ added/).textContent(), '23 added');
  await page.goto(`${server.baseUrl}/api-explorer#/compare/4.0@26.12/4.0/schemas/DBConnection`);
  const row = page.getByRole('row', { name: /service_account_rules/ });
  await row.waitFor();
  assert.equal(await row.getAttribute('class'), 'added');
  await watched.close();
});

test('an older release has its own list', async () => {
  const watched = await open('/api-explorer#/operations/me');
  const { page } = watched;
  const search = page.getByRole('searchbox');
  await search.waitFor();
  const now = await search.getAttribute('placeholder');
  await page.getByLabel('release').selectOption('26.12');
  await page.getByPlaceholder('Search 483 operations').waitFor();
  assert.notEqual(now, await search.getAttribute('placeholder'));
  assert.ok(page.url().endsWith('#/4.0@26.12/operations/me'));
  await watched.close();
});

test('the code that is shown runs', async () => {
  const watched = await open('/api-explorer#/operations/run_inline_query');
  const { page } = watched;
  await page.getByLabel('result_format').fill('csv');
  await fillBody(page, QUERY);
  const code = async (language) => {
    await page.getByRole('tab', { name: language }).click();
    const shown = page.getByLabel(`The call in ${language}`);
    await shown.getByText('users.state').first().waitFor();
    return shown.textContent();
  };
  const folder = await mkdtemp(path.join(tmpdir(), 'belvedere-code-'));
  await copyFile(server.ini, path.join(folder, 'looker.ini'));
  await symlink(path.join(ROOT, 'target/clients/node/node_modules'), path.join(folder, 'node_modules'));
  const written = async (name, text) => {
    await writeFile(path.join(folder, name), text);
    return name;
  };
  const python = path.join(ROOT, 'target/clients/python/bin/python');
  const options = { cwd: folder, env: { PATH: process.env.PATH, LOOKER_TOKEN: key.token } };
  const answers = {
    curl: await run('bash', ['-c', await code('curl')], options),
    Python: await run(python, [await written('call.py', await code('Python'))], options),
    TypeScript: await run(process.execPath, [await written('call.mjs', await code('TypeScript'))], options),
  };
  const rust = await code('Rust');
  for (const [language, { stdout }] of Object.entries(answers)) {
    for (const [state, count] of expected.slice(1)) assert.ok(stdout.includes(`${state},${count}`), `${language}: ${stdout}`);
  }
  assert.ok(rust.includes(`.post("${server.baseUrl}/api/4.0/queries/run/csv")`));
  await rm(folder, { recursive: true });
  await watched.close();
});

test('light and dark follow the machine, and a person may choose', async () => {
  const watched = await open('/api-explorer', { colorScheme: 'dark' });
  const { page } = watched;
  const light = () => page.evaluate(() => Number(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]) > 128);
  assert.equal(await light(), false);
  await page.getByRole('button', { name: 'Colours: system' }).click();
  assert.equal(await light(), true);
  await page.getByRole('button', { name: 'Colours: light' }).click();
  assert.equal(await light(), false);
  await watched.close();
});

test('the reference is read without a script, and an error leads to its place', async () => {
  const watched = await open('/', { javaScriptEnabled: false });
  const { page } = watched;
  await page.getByRole('link', { name: /run_inline_query/ }).first().click();
  assert.ok(page.url().endsWith('/api-docs/4.0/26.22/operations/run_inline_query'));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.goto(`${server.baseUrl}/r/err/4.0/404/get/queries/:query_id`);
  assert.ok(page.url().endsWith('/operations/query#status-404'));
  assert.equal(await page.locator(':target').count(), 1);
  await watched.close();
});

test('links of the older pages still lead to the operation', async () => {
  const watched = await open('/api-docs/index.html#!/Query/run_inline_query');
  await watched.page.getByRole('heading', { name: 'Run a query that is sent along' }).waitFor();
  await watched.close();
});
