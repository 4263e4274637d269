// A browser whose pages may not complain: what the policy blocks, what fails and what is thrown ends the test.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

/** Starts the browser. */
export function launch() {
  // Root has no sandbox of its own; everybody else keeps it.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM, args });
}

/** A page of its own context, and all that it complained about. */
export class Watched {
  /** Opens a path of the server; `options` are those of a context, and `origins` the others that it may go to. */
  static async open(browser, baseUrl, path, { origins = [], ...options } = {}) {
    const watched = new Watched();
    watched.complaints = [];
    const known = [baseUrl, 'blob:', ...origins];
    watched.context = await browser.newContext({ baseURL: baseUrl, viewport: { width: 1440, height: 900 }, ...options });
    watched.page = await watched.context.newPage();
    const complain = (what) => watched.complaints.push(what);
    watched.page.on('pageerror', (error) => complain(`thrown: ${error.message}`));
    watched.page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complain(`${message.type()}: ${message.text()}`);
    });
    watched.page.on('request', (request) => {
      if (!known.some((origin) => request.url().startsWith(origin))) complain(`leaves: ${request.url()}`);
    });
    const answer = await watched.page.goto(path);
    // A build of the server without the feature `web` says here how to make one with it.
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()}\n${await watched.page.locator('body').innerText()}`);
    return watched;
  }

  /** Ends the page. An answer with a status of `expected` is no complaint: the browser tells all of 400 and more. */
  async close(expected = []) {
    const told = (complaint) => expected.some((status) => complaint.includes(`responded with a status of ${status}`));
    await this.context.close();
    assert.deepEqual(
      this.complaints.filter((complaint) => !told(complaint)),
      [],
    );
  }
}

/** Signs in with an API key, and waits until it is done. */
export async function signIn(page, key) {
  await offerKey(page, key);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  // As long as the dialog is open, keys are meant for it.
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** Asks to be signed in with an API key, whatever comes of it. */
export async function offerKey(page, { id, secret }) {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Client ID').fill(id);
  await dialog.getByLabel('Client secret').fill(secret);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Puts a text into the editor of the body. */
export async function fillBody(page, value) {
  await page.getByRole('textbox', { name: /^Body/ }).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(JSON.stringify(value, null, 2));
}

/** The rows of the table in the answer, the names of the columns first. */
export async function rows(page) {
  const answer = page.getByRole('region', { name: 'Answer' });
  await answer.getByRole('table').waitFor();
  return answer.getByRole('row').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
}
