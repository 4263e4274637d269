/**
 * Signing in with one's own account: OAuth with an authorization code and PKCE. The page leaves for the sign-in page of
 * the server, and is loaded anew when the browser comes back. What ties the way back to the way there waits in the storage
 * of the tab; the next load of the page takes it out, whatever the browser brings.
 */

import { begin, failureOf, type Given } from './session';

/** The name that the server knows this page by, and the address where it is; the server compares both to the letter. */
const CLIENT_ID = 'belvedere.api-explorer';
const REDIRECT_URI = '/api-explorer';

/** Under which name the tab keeps what waits. */
const KEY = 'belvedere.sign-in';

/** What waits for the way back. */
export interface Waiting {
  /** What must come back unchanged. Nobody else knows it: what comes without it was not asked for by this tab. */
  state: string;
  /** What the code's challenge was made of. Without it the code is of no use. */
  verifier: string;
  /** The fragment of the view that was left. */
  view: string;
}

/** What the browser came back with: a code, or a sentence that says why there is none. */
export type Brought = { code: string; verifier: string } | { refusal: string };

/** Leaves for the sign-in page. Fails with a sentence for the person. */
export async function leave(): Promise<void> {
  // Browsers compute no hash elsewhere.
  if (!isSecureContext) throw new Error('Browsers allow this only where the address of the server begins with https.');
  const waiting: Waiting = { state: secret(), verifier: secret(), view: location.hash };
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    scope: 'cors_api',
    state: waiting.state,
    code_challenge_method: 'S256',
    code_challenge: await challengeOf(waiting.verifier),
  });
  sessionStorage.setItem(KEY, JSON.stringify(waiting));
  location.assign(`/auth?${asked}`);
}

/**
 * Takes what the browser has brought, if it has, out of the address, which then is that of the view that was left. Called
 * once, before the address is read.
 */
export function takeBrought(): Brought | undefined {
  const waiting = takeWaiting();
  const brought = broughtBy(location.search, waiting);
  if (brought) history.replaceState(null, '', location.pathname + (waiting?.view ?? location.hash));
  return brought;
}

function takeWaiting(): Waiting | undefined {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return text === null ? undefined : (JSON.parse(text) as Waiting);
  } catch {
    // A browser that keeps nothing has kept nothing.
    return undefined;
  }
}

/** What an address brings to a tab where this waits. */
export function broughtBy(search: string, waiting: Waiting | undefined): Brought | undefined {
  const parameters = new URLSearchParams(search);
  const [code, error] = [parameters.get('code'), parameters.get('error')];
  if (code === null && error === null) return undefined;
  // Whatever else the address says may be the words of whoever made it up.
  if (!waiting || parameters.get('state') !== waiting.state) {
    return refused('this tab did not ask for what the browser came back with');
  }
  if (code === null || error !== null) return refused(parameters.get('error_description') ?? error ?? '');
  return { code, verifier: waiting.verifier };
}

function refused(why: string): Brought {
  return { refusal: `You are not signed in: ${why}.` };
}

/** Signs in with what the browser has brought. Fails with a sentence for the person. */
export async function arrive(version: string, brought: Brought): Promise<void> {
  if ('refusal' in brought) throw new Error(brought.refusal);
  const answer = await fetch('/api/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      code: brought.code,
      code_verifier: brought.verifier,
    }),
    credentials: 'omit',
    cache: 'no-store',
  });
  if (!answer.ok) throw await failureOf(answer);
  // The refresh token is not kept: a page that is left alone is signed out after an hour.
  await begin(version, (await answer.json()) as Given);
}

/** What a verifier is sent as before it is shown: its SHA-256. */
export async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

/** A text of 43 letters that nobody can guess. */
function secret(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
