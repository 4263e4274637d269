// Signing in by OAuth as a person does it, in Chromium: the example of a static page, from another origin, and the Explorer.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NOW, Server } from '../clients/node/server.mjs';
import { launch, Watched } from './browser.mjs';

const BUILT = fileURLToPath(new URL('../../target/web-tests/single-page-app/', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json' };
const EMAIL = 'vera@example.com';
const PASSWORD = 'Correct-horse-7';
const QUERY = {
  model: 'thelook',
  view: 'order_items',
  fields: ['products.category', 'order_items.count'],
  sorts: ['order_items.count desc', 'products.category'],
  limit: '5',
};

let server;
let browser;
/** The static page: another origin than that of the API. */
let origin;
let site;
let token;

/** A web server on a free port: files of the example, and nothing for what it does not have. */
async function serveExample() {
  site = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = pathname === '/' ? 'index.html' : pathname.slice(1);
    const config = { base_url: server.baseUrl, looker_url: server.baseUrl, client_id: 'spa' };
    const body = file === 'config.json' ? JSON.stringify(config) : await readFile(path.join(BUILT, file)).catch(() => '');
    response.writeHead(200, { 'Content-Type': TYPES[path.extname(file)] ?? 'text/plain' }).end(body);
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  origin = `http://127.0.0.1:${site.address().port}`;
}

/** Calls an operation as the administrator. */
async function call(method, path, body) {
  const answer = await fetch(`${server.baseUrl}/api/4.0${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
}

const register = (name, redirect_uri) =>
  call('POST', `/oauth_client_apps/${name}`, { redirect_uri, display_name: `The ${name}`, description: 'Shows sales.' });

/** Makes a user who may see everything, with the password. */
async function addPerson(first_name, last_name, email) {
  const user = await call('POST', '/users', { first_name, last_name, credentials_email: { email } });
  await call('PUT', `/users/${user.id}/roles`, ['3']);
  await setPassword(user);
  return user;
}

/** Sets the password of a user on its page. */
async function setPassword(user) {
  const { password_reset_url: url } = await call('POST', `/users/${user.id}/credentials_email/password_reset`);
  const watched = await Watched.open(browser, server.baseUrl, url);
  const { page } = watched;
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByLabel('The same again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('heading', { name: 'The password is set' }).waitFor();
  await watched.close();
}

before(async () => {
  await serveExample();
  server = await Server.start('--allowed-origin', origin);
  browser = await launch();
  const ini = await readFile(server.ini, 'utf8');
  const value = (name) => ini.match(new RegExp(`^${name}\\s*=\\s*"?([^\\s"]+)"?\\s*$`, 'm'))[1];
  const body = new URLSearchParams({ client_id: value('client_id'), client_secret: value('client_secret') });
  token = (await (await fetch(`${server.baseUrl}/api/4.0/login`, { method: 'POST', body })).json()).access_token;
  await register('spa', `${origin}/`);
  await addPerson('Vera', 'Viewer', EMAIL);
});

after(async () => {
  await browser?.close();
  site?.close();
  await server?.stop();
});

/** Types address and password on the sign-in page. */
async function signIn(page, password = PASSWORD, email = EMAIL) {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const openExample = () => Watched.open(browser, origin, '/', { origins: [server.baseUrl] });

test('the example signs a person in, shows what the person may see, and signs out', async () => {
  const watched = await openExample();
  const { page, context } = watched;
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.ok(page.url().startsWith(`${server.baseUrl}/auth?`), page.url());
  await signIn(page);
  await page.getByRole('heading', { name: 'Let The spa in?' }).waitFor();
  assert.ok((await page.getByText('Vera Viewer').count()) > 0);
  const exchange = page.waitForResponse((response) => response.url() === `${server.baseUrl}/api/token`);
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  const { access_token, refresh_token } = await (await exchange).json();
  await page.getByText('You are Vera Viewer').waitFor();
  await page.getByRole('row').nth(4).waitFor();
  const shown = await page.getByRole('row').evaluateAll((rows) => rows.map((row) => [...row.cells].map((c) => c.textContent)));
  const expected = await call('POST', '/queries/run/json', QUERY);
  assert.equal(expected.length, 5);
  assert.deepEqual(shown, expected.map((row) => QUERY.fields.map((field) => String(row[field]))));
  assert.equal(page.url(), `${origin}/`, 'the code is gone from the address');
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.ok(!kept.includes(access_token) && !kept.includes(refresh_token), kept);
  for (const cookie of await context.cookies()) {
    assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, 'Lax'], cookie.name);
  }
  const away = page.waitForResponse((response) => response.url().endsWith('/api/logout') && response.status() === 204);
  const again = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await Promise.all([away, again]);
  const me = await fetch(`${server.baseUrl}/api/4.0/user`, { headers: { Authorization: `Bearer ${access_token}` } });
  assert.equal(me.status, 401);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('You are Vera Viewer').waitFor();
  await watched.close();
});

test('whoever says no comes back to the page with nothing', async () => {
  await register('unwanted', `${origin}/`);
  const watched = await Watched.open(browser, server.baseUrl, address('unwanted', `${origin}/`), { origins: [origin] });
  const { page } = watched;
  await signIn(page);
  await page.getByRole('button', { name: 'Do not allow' }).click();
  await page.getByText('the user does not let the application in').waitFor();
  assert.ok(page.url().startsWith(origin), page.url());
  await watched.close();
});

test('a wrong password is told on the page, and the right one goes on', async () => {
  const watched = await Watched.open(browser, server.baseUrl, address('spa', `${origin}/`), { origins: [origin] });
  const { page } = watched;
  await signIn(page, 'wrong');
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('E-mail address').inputValue(), EMAIL);
  await signIn(page);
  await page.waitForURL(`${origin}/**`);
  await watched.close([422]);
});

test('a second factor is set up on the page, and its codes let in', async () => {
  const email = 'tina@example.com';
  const user = await call('POST', '/users', { first_name: 'Tina', credentials_email: { email } });
  await setPassword(user);
  await call('POST', `/users/${user.id}/credentials_totp`, {});
  const signInAs = async (heading) => {
    const watched = await Watched.open(browser, server.baseUrl, address('spa', `${origin}/`), { origins: [origin] });
    await signIn(watched.page, PASSWORD, email);
    await watched.page.getByRole('heading', { name: heading }).waitFor();
    return watched;
  };
  const show = async ({ page }, code) => {
    await page.getByLabel('Code of six digits').fill(code);
    await page.getByRole('button', { name: 'Go on' }).click();
  };
  const first = await signInAs('Set up the second factor');
  const picture = await first.page.getByRole('img', { name: 'QR code of the key' }).boundingBox();
  assert.ok(picture.width === picture.height && picture.width >= 150, JSON.stringify(picture));
  const key = (await first.page.locator('code').textContent()).replaceAll(' ', '');
  await show(first, codeOf(key, 0));
  await first.page.getByRole('heading', { name: 'Let The spa in?' }).waitFor();
  await first.close();
  const second = await signInAs('Show your code');
  await show(second, codeOf(key, 0));
  await second.page.getByRole('alert').waitFor();
  await show(second, codeOf(key, 1));
  await second.page.getByRole('heading', { name: 'Let The spa in?' }).waitFor();
  await second.close([422]);
});

const EXPLORER = 'belvedere.api-explorer';
const openExplorer = () => Watched.open(browser, server.baseUrl, '/api-explorer#/operations/me');

/** Leaves the Explorer for the sign-in page. */
async function leaveExplorer(page) {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in with your account' }).click();
}

/** Waits until somebody is signed in to the Explorer. */
const signedIn = (page) => page.getByRole('button', { name: 'Sign out' }).waitFor();

/** Waits until the Explorer says why nobody is signed in, and checks that it is so. */
async function notSignedIn(page, reason) {
  await page.getByRole('alert').getByText(`You are not signed in: ${reason}.`).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.ok(!page.url().includes('?'), page.url());
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
}

test('a person signs in to the Explorer with the own account, and comes back to the view that was left', async () => {
  const watched = await openExplorer();
  const { page } = watched;
  await leaveExplorer(page);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await signIn(page);
  await page.getByRole('heading', { name: 'Let API Explorer in?' }).waitFor();
  const exchange = page.waitForResponse((response) => response.url() === `${server.baseUrl}/api/token`);
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  const { access_token, refresh_token } = await (await exchange).json();
  await signedIn(page);
  assert.equal(page.url(), `${server.baseUrl}/api-explorer#/operations/me`);
  await page.getByRole('banner').getByText('Vera Viewer').waitFor();
  const kept = await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]);
  assert.deepEqual(kept, [{}, {}, '', null]);
  const cookies = JSON.stringify(await watched.context.cookies());
  assert.ok(!cookies.includes(access_token) && !cookies.includes(refresh_token));
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('200 OK').waitFor();
  await page.reload();
  await leaveExplorer(page);
  await signedIn(page);
  const away = page.waitForResponse((response) => response.url().endsWith('/logout') && response.status() === 204);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await away;
  await leaveExplorer(page);
  await page.getByLabel('Password').waitFor();
  await watched.close();
});

test('whoever does not let the Explorer in, or may not use it, is told so in words', async () => {
  const email = 'nora@example.com';
  await addPerson('Nora', 'No', email);
  const watched = await openExplorer();
  const { page } = watched;
  await leaveExplorer(page);
  await signIn(page, PASSWORD, email);
  await page.getByRole('button', { name: 'Do not allow' }).click();
  await notSignedIn(page, 'the user does not let the application in');
  assert.equal(page.url(), `${server.baseUrl}/api-explorer#/operations/me`);
  const path = `/oauth_client_apps/${EXPLORER}`;
  await call('PATCH', path, { enabled: false });
  await leaveExplorer(page);
  await notSignedIn(page, 'the application is disabled');
  await call('PATCH', path, { enabled: true });
  await watched.close();
});

test('what another page brings to the Explorer signs nobody in', async () => {
  const email = 'mallory@example.com';
  await addPerson('Mallory', 'Mean', email);
  const strange = 'this tab did not ask for what the browser came back with';
  const watched = await openExplorer();
  const { page } = watched;
  const exchanges = [];
  page.on('request', (request) => request.url().endsWith('/api/token') && exchanges.push(request.url()));
  const brought = page.waitForRequest(/api-explorer\?code=/);
  await page.goto(`${address(EXPLORER, '/api-explorer')}&state=made-up`);
  await signIn(page, PASSWORD, email);
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  const code = new URL((await brought).url()).searchParams.get('code');
  assert.match(code, /^\w{40}$/);
  await notSignedIn(page, strange);
  await watched.context.clearCookies();
  for (const rest of ['&state=made-up', '&state=', '', '&state=undefined']) {
    await leaveExplorer(page);
    await page.getByLabel('Password').waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 1);
    await page.goto(`/api-explorer?code=${code}${rest}`);
    await notSignedIn(page, strange);
  }
  await page.goto('/api-explorer?error=access_denied&error_description=Call+555');
  await notSignedIn(page, strange);
  assert.equal(exchanges.length, 0);
  await watched.close();
});

/** The code of a key that many steps of thirty seconds from the moment of the server on, as RFC 6238 has it. */
function codeOf(key, steps) {
  const bits = [...key].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g).map((byte) => parseInt(byte, 2));
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Date.parse(NOW) / 30_000 + steps));
  const tag = createHmac('sha1', Buffer.from(bytes)).update(counter).digest();
  const number = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** What an application asks. */
function address(client_id, redirect_uri) {
  const parameters = {
    client_id,
    redirect_uri,
    response_type: 'code',
    scope: 'cors_api',
    code_challenge_method: 'S256',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  };
  return `/auth?${new URLSearchParams(parameters)}`;
}

/**
 * Goes up to the consent page and allows. Gives the address that the browser then asks for, if it does, and whether it
 * complained of the policy. With `policy` the consent page has this one in the place of its own.
 */
async function allow(client_id, redirect_uri, policy) {
  const context = await browser.newContext({ baseURL: server.baseUrl });
  const page = await context.newPage();
  await page.goto(address(client_id, redirect_uri));
  await signIn(page);
  const button = page.getByRole('button', { name: 'Allow', exact: true });
  await button.waitFor();
  if (policy) {
    await page.route(/\/auth\?/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
    });
    await page.reload();
  }
  const outcome = new Promise((resolve) => {
    page.on('request', (request) => request.url().startsWith(redirect_uri) && resolve({ url: request.url() }));
    page.on('console', (message) => message.text().includes('form-action') && resolve({ blocked: true }));
  });
  await button.click({ noWaitAfter: true });
  const known = await outcome;
  await context.close();
  return known;
}

for (const [name, uri] of [
  ['web', 'https://app.example.com/oauth'],
  ['loopback', 'http://127.0.0.1:7777'],
  ['mobile', 'myapp://callback'],
]) {
  test(`the browser goes back to ${uri}`, async () => {
    await register(name, uri);
    const { url, blocked } = await allow(name, uri);
    assert.equal(blocked, undefined);
    assert.match(url, /\?code=[A-Za-z0-9]{40}$/);
  });
}

test('without its name in the policy the browser would not go', async () => {
  const uri = 'https://unnamed.example.com/oauth';
  await register('unnamed', uri);
  const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'";
  assert.deepEqual(await allow('unnamed', uri, policy), { blocked: true });
});
