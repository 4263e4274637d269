// An application server that hands tokens of its users to their browsers.

import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { LookerNodeSDK } from '@looker/sdk-node';

const BASE_URL = process.env.LOOKERSDK_BASE_URL;
const USERS = new Map(
  process.env.APP_USERS.split(',').map((user) => {
    const [name, password, email] = user.split(':');
    return [name, { password, email }];
  }),
);

/** A token is given away only if it lives for at least this long, in milliseconds. */
const SHORTEST_LIFE = 60_000;

// The service account. The SDK keeps its token and renews it.
const sdk = LookerNodeSDK.init40();
const tokens = new Map();

/** A token by which the browser of this user calls the API: as the user, with the user's rights. */
async function tokenOf(email) {
  const known = tokens.get(email);
  if (known && known.expiresAt - Date.now() > SHORTEST_LIFE) return known;
  const [user] = await sdk.ok(sdk.search_users({ email, fields: 'id' }));
  if (!user) throw new Error(`Belvedere has no user ${email}`);
  const { access_token, expires_in } = await sdk.ok(sdk.login_user(user.id));
  const token = { access_token, expiresAt: Date.now() + expires_in * 1000 };
  tokens.set(email, token);
  return token;
}

/** The user of this application who asks. It stands for the sign-in that your application has. */
function signedIn(request) {
  const [, encoded] = /^Basic (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (!encoded) return undefined;
  const [name, password = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  const user = USERS.get(name);
  const digest = (text) => createHash('sha256').update(text).digest();
  return user && timingSafeEqual(digest(user.password), digest(password)) ? user : undefined;
}

const FILES = new Map([
  ['/', ['index.html', 'text/html; charset=utf-8']],
  ['/page.js', ['page.js', 'text/javascript; charset=utf-8']],
]);

async function answer(request, response) {
  const user = signedIn(request);
  if (!user) {
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="Example", charset="UTF-8"' }).end();
    return;
  }
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/token') {
    const { access_token, expiresAt } = await tokenOf(user.email);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify({ base_url: BASE_URL, access_token, expires_at: expiresAt }));
    return;
  }
  const [file, type] = FILES.get(pathname) ?? [];
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Security-Policy': `default-src 'self'; connect-src 'self' ${BASE_URL}; frame-ancestors 'none'`,
  });
  response.end(await readFile(new URL(file, import.meta.url)));
}

const server = createServer((request, response) => {
  answer(request, response).catch((problem) => {
    console.error(problem.message);
    response.writeHead(502).end();
  });
});
server.listen(Number(process.env.PORT ?? 3000), 'localhost', () => {
  console.log(`http://localhost:${server.address().port}`);
});
