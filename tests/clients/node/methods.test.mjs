// Every method about people, called once by the official TypeScript SDK, with the cases of `../methods.json`. What a
// case is stands in `../python/test_every_method.py`, which calls the same ones.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { DelimArray } from '@looker/sdk-rtl';
import { LookerNodeSDK, NodeSettingsIniFile } from '@looker/sdk-node';
import { Server } from './server.mjs';

const ROOT = new URL('../../../', import.meta.url);
const TAGS = ['ApiAuth', 'Auth', 'Group', 'Role', 'Session', 'User', 'UserAttribute', 'Workspace'];
// The release that the SDK was made for: what is newer it has no methods for.
const RELEASE = '26.12';
const PASSWORD = 'Correct-horse-battery-7';

const read = (path) => readFileSync(new URL(path, ROOT), 'utf8');
const CASES = JSON.parse(read('tests/clients/methods.json'));
const WITHOUT_CODE = read('contract/coverage.txt').split('\n').filter((line) => line && !line.startsWith('#'));

console.debug = () => {};

let server;
let operations;
let words = 0;

before(async () => {
  server = await Server.start();
  const document = await (await fetch(`${server.baseUrl}/api/4.0/openapi.json?release=${RELEASE}`)).json();
  operations = Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .filter((operation) => operation.tags?.some((tag) => TAGS.includes(tag)))
    .map((operation) => operation.operationId);
});
after(() => server?.stop());

/** The calls of one case: each that it needs is made once, by an administrator with a token of its own. */
class Calls {
  constructor() {
    this.sdk = LookerNodeSDK.init40(new NodeSettingsIniFile('LOOKERSDK', server.ini));
    this.answers = new Map();
    this.prepared = { keys: () => this.keys(), signed_in: () => this.signedIn(), locked_out: () => this.lockedOut() };
  }

  /** What the case answers, or a person who is there for it, by name and mark. */
  async answer(name) {
    if (!this.answers.has(name)) {
      const [operation] = name.split('#');
      this.answers.set(name, await (this.prepared[operation]?.() ?? this.call(operation)));
    }
    return this.answers.get(name);
  }

  async call(operation) {
    const { $after: earlier = [], $answer: status = 200, ...rest } = CASES[operation];
    for (const name of earlier) await this.answer(name);
    const answer = await call(this.sdk, operation, await this.filled(rest));
    if (status === 200) {
      assert.ok(answer.ok, `${operation}: ${JSON.stringify(answer.error)}`);
      return answer.value;
    }
    return assertRefused(answer, status);
  }

  /** The value with every reference in it followed. */
  async filled(value) {
    if (Array.isArray(value)) return Object.values(await this.filled({ ...value }));
    if (typeof value === 'string') {
      let text = value;
      for (const [whole, reference] of value.matchAll(/\{([^{}]+)\}/g)) {
        text = text.replace(whole, await this.followed(reference));
      }
      return text;
    }
    if (typeof value !== 'object' || value === null) return value;
    const filled = {};
    for (const [key, part] of Object.entries(value)) filled[key] = await this.filled(part);
    return filled;
  }

  async followed(reference) {
    if (reference === 'unique') return `w${words++}`;
    const [name, ...path] = reference.split('.');
    return path.reduce((found, part) => found[part], await this.answer(name));
  }

  keys() {
    const { client_id, client_secret } = this.sdk.authSession.settings.readConfig();
    return { client_id, client_secret };
  }

  /** A user who is signed in with a browser. */
  async signedIn() {
    const reset = await this.answer('create_user_credentials_email_password_reset');
    const browser = new Browser();
    const page = await browser.open(reset.password_reset_url);
    assert.equal((await browser.submit(page, { password: PASSWORD, again: PASSWORD })).status, 200);
    const app = await this.answer('register_oauth_client_app');
    const asked = new URLSearchParams({
      client_id: app.client_guid,
      redirect_uri: app.redirect_uri,
      response_type: 'code',
      scope: 'cors_api',
      code_challenge_method: 'S256',
      code_challenge: 'a'.repeat(43),
    });
    const email = await this.filled('{create_user_credentials_email.email}');
    const question = await browser.open(`${server.baseUrl}/auth?${asked}`);
    assert.equal((await browser.submit(question, { email, password: PASSWORD })).status, 303);
    return { user_id: await this.filled('{create_user.id}') };
  }

  /** An API key that somebody has guessed at. */
  async lockedOut() {
    const client_id = await this.filled('{create_user_credentials_api3.client_id}');
    const statuses = [];
    for (let guess = 0; guess < 5; guess += 1) {
      const body = new URLSearchParams({ client_id, client_secret: 'a guess' });
      statuses.push((await fetch(`${server.baseUrl}/api/4.0/login`, { method: 'POST', body })).status);
    }
    assert.deepEqual(statuses, [404, 404, 404, 404, 429]);
    return {};
  }
}

/** Keeps cookies, sends the forms of pages, and follows nothing. */
class Browser {
  cookies = new Map();

  async send(url, init = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, headers: { cookie }, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      this.cookies.set(name, value);
    }
    return answer;
  }

  async open(url) {
    return { url, text: await (await this.send(url)).text() };
  }

  submit(page, fields) {
    const found = (pattern) => page.text.match(pattern)[1].replaceAll('&amp;', '&');
    const action = new URL(found(/<form method="post" action="([^"]+)"/), page.url);
    const form_token = found(/name="form_token" value="([^"]+)"/);
    return this.send(action, { method: 'POST', body: new URLSearchParams({ form_token, ...fields }) });
  }
}

/** The names of a method's parameters; `request` stands for all of them in one object. */
function parameters(sdk, operation) {
  const [, names] = sdk[operation].toString().match(/^(?:async )?\w+\(([^)]*)\)/);
  return names.split(',').map((name) => name.trim()).filter((name) => name && name !== 'options');
}

function call(sdk, operation, given) {
  const named = Object.entries(given).map(([name, value]) => [name, listed(name, value)]);
  const values = Object.fromEntries(named);
  return sdk[operation](...parameters(sdk, operation).map((name) => (name === 'request' ? values : values[name])));
}

/** A list that travels in the address has a type of its own. */
function listed(name, value) {
  return Array.isArray(value) && name !== 'body' ? new DelimArray(value) : value;
}

function assertRefused(answer, status) {
  assert.equal(answer.ok, false);
  assert.match(answer.error.documentation_url, new RegExp(`/err/4.0/${status}/`));
}

describe('every method about people', () => {
  test('does what it is for', async (context) => {
    for (const operation of operations) {
      await context.test(operation, async () => {
        const calls = new Calls();
        if (WITHOUT_CODE.includes(operation)) {
          const anything = parameters(calls.sdk, operation).map((name) => (name === 'request' ? {} : '1'));
          assertRefused(await calls.sdk[operation](...anything), 501);
          return;
        }
        assert.ok(CASES[operation], `${operation} has no case in tests/clients/methods.json`);
        await calls.answer(operation);
      });
    }
  });

  test('is there', () => assert.ok(operations.length > 100, `${operations.length} operations`));
});
