// The page: sends the browser to Belvedere to sign in, and calls the API with the token that it brings back.

import { LookerBrowserSDK } from '@looker/sdk';
import { ApiSettings } from '@looker/sdk-rtl';

const QUERY = {
  model: 'thelook',
  view: 'order_items',
  fields: ['products.category', 'order_items.count'],
  sorts: ['order_items.count desc', 'products.category'],
  limit: '5',
};

/** Where Belvedere is, and under which name it knows this page. There is no secret. */
class Settings extends ApiSettings {
  constructor(config) {
    super({ base_url: config.base_url, agentTag: 'example' });
    this.config = config;
  }

  readConfig() {
    // Registered with Belvedere to the letter.
    return { ...this.config, redirect_uri: `${location.origin}/` };
  }
}

const element = (id) => document.getElementById(id);
const sdk = LookerBrowserSDK.init40(new Settings(await (await fetch('/config.json')).json()));

/** Shows who is signed in, and what they may see. */
async function show() {
  const me = await sdk.ok(sdk.me());
  element('who').textContent = `You are ${me.display_name}`;
  element('sign-in').hidden = true;
  element('sign-out').hidden = false;
  const rows = await sdk.ok(sdk.run_inline_query({ result_format: 'json', body: QUERY }));
  for (const row of rows) {
    const line = element('rows').insertRow();
    for (const field of QUERY.fields) line.insertCell().textContent = row[field];
  }
}

/** Goes on where the browser comes back with a code. */
async function comeBack() {
  const parameters = new URLSearchParams(location.search);
  if (parameters.has('error')) {
    element('who').textContent = parameters.get('error_description');
    sdk.authSession.clearStorage();
  } else if (parameters.has('code') && sdk.authSession.returnUrl) {
    // This tab has begun to sign in: the session finds the code in the address, and its verifier in the tab's storage.
    await sdk.authSession.login();
    await show();
  }
  // A code works once: it must not be there when the page is loaded again.
  history.replaceState(null, '', location.pathname);
}

element('sign-in').addEventListener('click', () => sdk.authSession.login());
element('sign-out').addEventListener('click', async () => {
  await sdk.authSession.logout();
  location.reload();
});

try {
  await comeBack();
} catch (problem) {
  element('who').textContent = problem.message;
}
