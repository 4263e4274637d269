import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { arrive, broughtBy, challengeOf, leave, takeBrought, type Waiting } from './account';
import { authorization, session, signOut } from './session';

const WAITING: Waiting = { state: 'S', verifier: 'V', view: '#/operations/me' };
const NOT_ASKED_FOR = { refusal: expect.stringContaining('this tab did not ask for') };

test('a challenge is the SHA-256 of the verifier, as RFC 7636 has it in its example', async () => {
  expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
});

test.each(['', '?', '?state=S', '?other=code'])('%j brings nothing', (search) => {
  expect(broughtBy(search, WAITING)).toBeUndefined();
  expect(broughtBy(search, undefined)).toBeUndefined();
});

test('a code with the state that waits is brought', () => {
  expect(broughtBy('?code=C&state=S', WAITING)).toEqual({ code: 'C', verifier: 'V' });
});

test.each(['?code=C', '?code=C&state=', '?code=C&state=s', '?code=C&state=S2', '?code=C&state=X&state=S', '?error=access_denied'])(
  '%s was not asked for',
  (search) => {
    expect(broughtBy(search, WAITING)).toEqual(NOT_ASKED_FOR);
  },
);

test.each(['?code=C&state=S', '?code=C', '?code=C&state=null', '?code=C&state=undefined', '?error=e&state=S'])(
  '%s was not asked for by a tab where nothing waits',
  (search) => {
    expect(broughtBy(search, undefined)).toEqual(NOT_ASKED_FOR);
  },
);

test('the words of a stranger are not shown', () => {
  const told = JSON.stringify(broughtBy('?error=e&error_description=Call+555&state=X', WAITING));
  expect(told).not.toContain('555');
});

test.each([
  ['?error=access_denied&error_description=the+user+said+no&state=S', 'the user said no'],
  ['?error=server_error&state=S', 'server_error'],
  ['?code=C&error=server_error&state=S', 'server_error'],
])('%s is told as a sentence', (search, why) => {
  expect(broughtBy(search, WAITING)).toEqual({ refusal: `You are not signed in: ${why}.` });
});

/** The parts of a browser that the way there and back needs. */
function browser(address: { search: string; hash: string }) {
  const kept = new Map<string, string>();
  const location = { pathname: '/api-explorer', ...address, assign: vi.fn<(to: string) => void>() };
  const history = { replaceState: vi.fn<(state: null, unused: string, to: string) => void>() };
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('location', location);
  vi.stubGlobal('history', history);
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  return { kept, location, history };
}

beforeEach(() => void browser({ search: '', hash: '' }));
afterEach(() => vi.unstubAllGlobals());

test('the way there and back is tied together, and nothing of it is left', async () => {
  const { kept, location, history } = browser({ search: '', hash: '#/operations/me' });
  await leave();
  const there = new URL(location.assign.mock.calls[0]?.[0] ?? '', 'http://shop');
  const asked = Object.fromEntries(there.searchParams);
  expect(there.pathname).toBe('/auth');
  expect(asked).toMatchObject({
    response_type: 'code',
    client_id: 'belvedere.api-explorer',
    redirect_uri: '/api-explorer',
    scope: 'cors_api',
    code_challenge_method: 'S256',
  });
  expect(asked['state']).toMatch(/^[\w-]{43}$/);
  expect(kept.size).toBe(1);
  location.search = `?code=C&state=${asked['state']}`;
  location.hash = '';
  const brought = takeBrought();
  expect(brought).toMatchObject({ code: 'C', verifier: expect.stringMatching(/^[\w-]{43}$/) });
  if (!brought || 'refusal' in brought) throw new Error('no code');
  expect(await challengeOf(brought.verifier)).toBe(asked['code_challenge']);
  expect(there.href).not.toContain(brought.verifier);
  expect(history.replaceState).toHaveBeenCalledExactlyOnceWith(null, '', '/api-explorer#/operations/me');
  expect(kept.size).toBe(0);
  expect(takeBrought()).toEqual(NOT_ASKED_FOR);
});

test('each way there has secrets of its own', async () => {
  const { location } = browser({ search: '', hash: '' });
  await leave();
  await leave();
  const [one, other] = location.assign.mock.calls.map(([to]) => new URL(to, 'http://shop').searchParams);
  for (const name of ['state', 'code_challenge']) expect(one?.get(name)).not.toBe(other?.get(name));
});

test('whoever comes back with nothing has nothing waiting any more', async () => {
  const { kept, history } = browser({ search: '', hash: '#/schemas/User' });
  await leave();
  expect(takeBrought()).toBeUndefined();
  expect(kept.size).toBe(0);
  expect(history.replaceState).not.toHaveBeenCalled();
});

test.each(['', '{', 'null', '7'])('what waits as %j is nothing', (text) => {
  const { kept } = browser({ search: '?code=C&state=undefined', hash: '' });
  kept.set('belvedere.sign-in', text);
  expect(takeBrought()).toEqual(NOT_ASKED_FOR);
});

test('a browser that keeps nothing brings nothing', () => {
  browser({ search: '?code=C&state=S', hash: '' });
  vi.stubGlobal('sessionStorage', undefined);
  expect(takeBrought()).toEqual(NOT_ASKED_FOR);
});

test('where browsers compute no hash it is said why', async () => {
  const { location } = browser({ search: '', hash: '' });
  vi.stubGlobal('isSecureContext', false);
  await expect(leave()).rejects.toThrow('https');
  expect(location.assign).not.toHaveBeenCalled();
});

test('a code is exchanged for a token, and the rest of the answer forgotten', async () => {
  const calls: [string, RequestInit | undefined][] = [];
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    calls.push([path, init]);
    const tokens = { access_token: 'T', token_type: 'Bearer', expires_in: 3600, refresh_token: 'R' };
    return Response.json(path === '/api/token' ? tokens : { display_name: 'Vera' });
  });
  await arrive('4.0', { code: 'C', verifier: 'V' });
  expect(Object.fromEntries(calls[0]?.[1]?.body as URLSearchParams)).toEqual({
    grant_type: 'authorization_code',
    client_id: 'belvedere.api-explorer',
    redirect_uri: '/api-explorer',
    code: 'C',
    code_verifier: 'V',
  });
  expect(authorization()).toEqual({ Authorization: 'Bearer T' });
  expect(session.value).toMatchObject({ name: 'Vera' });
  expect(JSON.stringify(session.value)).not.toContain('R"');
  await signOut('4.0');
  expect(calls.at(-1)?.[0]).toBe('/api/4.0/logout');
  expect(authorization()).toEqual({});
});

test('a code that the server does not take, and a refusal, sign nobody in', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ message: 'the code is unknown' }, { status: 400 }));
  await expect(arrive('4.0', { code: 'C', verifier: 'V' })).rejects.toThrow('the code is unknown');
  await expect(arrive('4.0', { refusal: 'No.' })).rejects.toThrow('No.');
  expect([authorization(), session.value]).toEqual([{}, undefined]);
});
