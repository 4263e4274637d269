// The example of an application server, run as its README says: one service account, tokens of its users.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Server } from './server.mjs';

const EXAMPLE = fileURLToPath(new URL('../../../examples/node-server/', import.meta.url));
const ORIGIN = 'http://app.example.com';

let server;
let example;
let page;

before(async () => {
  server = await Server.start('--state', `${EXAMPLE}state.yaml`, '--allowed-origin', ORIGIN);
  example = spawn(process.execPath, ['server.mjs'], {
    cwd: EXAMPLE,
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      LOOKERSDK_BASE_URL: server.baseUrl,
      LOOKERSDK_CLIENT_ID: 'NodeServerExample123',
      LOOKERSDK_CLIENT_SECRET: 'only-for-this-example',
      APP_USERS: 'paul:pass:paul@example.com,vera:word:vera@example.com,nobody:pass:nobody@example.com',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(example.stdout, 'data');
  page = String(line).trim();
});

after(async () => {
  if (example) {
    example.kill();
    await once(example, 'exit');
  }
  await server?.stop();
});

/** Asks the example for something, as a user of the application. */
function ask(path, user) {
  const headers = user ? { Authorization: `Basic ${btoa(user)}` } : {};
  return fetch(`${page}${path}`, { headers });
}

/** Calls the API as the page does, from another origin. */
function call(token, path) {
  return fetch(`${server.baseUrl}/api/4.0${path}`, {
    headers: { Authorization: `Bearer ${token}`, Origin: ORIGIN },
  });
}

test('a user of the application gets a token that acts as this user', async () => {
  for (const [user, name] of [['paul:pass', 'Paul Plain'], ['vera:word', 'Vera Viewer']]) {
    const token = await (await ask('/token', user)).json();
    assert.equal(token.base_url, server.baseUrl);
    const answer = await call(token.access_token, '/user');
    assert.equal(answer.headers.get('access-control-allow-origin'), ORIGIN);
    assert.equal((await answer.json()).display_name, name);
    const session = await (await call(token.access_token, '/session')).json();
    assert.ok(session.sudo_user_id, 'it is known who acts');
    assert.equal((await call(token.access_token, '/oauth_client_apps')).status, 404, 'no administrator');
  }
});

test('a token is used again while it lives', async () => {
  const tokens = await Promise.all([1, 2].map(async () => (await ask('/token', 'paul:pass')).json()));
  assert.equal(tokens[0].access_token, tokens[1].access_token);
});

test('whoever is no user of the application gets nothing', async () => {
  for (const user of [undefined, 'paul:wrong', 'paul:', 'eve:pass', ':']) {
    for (const path of ['/', '/token']) {
      assert.equal((await ask(path, user)).status, 401, `${user} ${path}`);
    }
  }
  assert.equal((await ask('/token', 'nobody:pass')).status, 502, 'one whom Belvedere does not know');
  assert.equal((await ask('/../server.mjs', 'paul:pass')).status, 404);
});

test('the page is there, and the key of the service account is nowhere in it', async () => {
  for (const path of ['/', '/page.js', '/token']) {
    const text = await (await ask(path, 'paul:pass')).text();
    assert.ok(text.length > 50 && !text.includes('only-for-this-example'), path);
  }
});
