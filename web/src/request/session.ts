/**
 * The token of the person in front of the page. It lives in this module and nowhere else: a reload forgets it, no
 * storage, cookie or address ever holds it, and the API key or code that it came from is not kept at all.
 */

import { signal } from '@preact/signals';

/** What is known of the session; the token itself is not part of it. */
export interface Session {
  /** When the token ends, in milliseconds since 1970. */
  endsAt: number;
  /** Who is signed in, as far as the server tells. */
  name: string;
}

export const session = signal<Session | undefined>(undefined);

let token: string | undefined;
let ending: ReturnType<typeof setTimeout> | undefined;

/** The header that authenticates a call, when somebody is signed in. */
export function authorization(): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/** Signs in with an API key. Fails with a sentence for the person. */
export async function signIn(version: string, clientId: string, clientSecret: string): Promise<void> {
  const answer = await fetch(`/api/${version}/login`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret }),
    credentials: 'omit',
    cache: 'no-store',
  });
  if (answer.status === 404) throw new Error('The server does not know this API key. Check both halves of it.');
  if (!answer.ok) throw await failureOf(answer);
  await begin(version, (await answer.json()) as Given);
}

/** What the server gives to who signs in. */
export interface Given {
  access_token: string;
  /** In seconds. */
  expires_in: number;
}

/** Begins a session, in the place of the one that there is. */
export async function begin(version: string, { access_token, expires_in }: Given): Promise<void> {
  end();
  token = access_token;
  ending = setTimeout(end, expires_in * 1000);
  session.value = { endsAt: Date.now() + expires_in * 1000, name: await nameOfCaller(version) };
}

/** Ends the session here and on the server. */
export async function signOut(version: string): Promise<void> {
  const headers = authorization();
  end();
  if (headers['Authorization'] === undefined) return;
  await fetch(`/api/${version}/logout`, { method: 'DELETE', headers, credentials: 'omit' }).catch(() => undefined);
}

function end(): void {
  token = undefined;
  clearTimeout(ending);
  session.value = undefined;
}

async function nameOfCaller(version: string): Promise<string> {
  const answer = await fetch(`/api/${version}/user?fields=display_name,email,id`, {
    headers: authorization(),
    credentials: 'omit',
    cache: 'no-store',
  }).catch(() => undefined);
  if (!answer?.ok) return 'Signed in';
  const user = (await answer.json()) as { display_name?: string | null; email?: string | null; id?: string | number };
  return user.display_name?.trim() || user.email || `User ${user.id ?? ''}`.trim();
}

/** What a refusal of the server is to the person. */
export async function failureOf(answer: Response): Promise<Error> {
  const body = (await answer.json().catch(() => undefined)) as { message?: string } | undefined;
  return new Error(`The server answered ${answer.status}${body?.message === undefined ? '.' : `: ${body.message}`}`);
}
