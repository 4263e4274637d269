/** What all parts of the page share: the versions that the server offers, the documents read so far, the theme. */

import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { readApi, type Api } from './document/api';
import { documentPath, editionText, type Edition } from './document/edition';
import type { Document } from './document/openapi';
import { route } from './route';

/** What is being read, was read, or cannot be. */
export type Loaded<T> = { state: 'loading' } | { state: 'ready'; value: T } | { state: 'failed'; reason: string };

/** A version that the server offers. */
export interface Version {
  version: string;
  /** What `/versions` calls it: `current`, `stable`, `deprecated`, ... */
  status: string;
  /** The release that the server speaks. */
  release: string;
  /** The releases that have a document, the newest first. */
  releases: string[];
}

interface Versions {
  current_version: { version: string };
  supported_versions: { version: string; status: string }[];
}

type Editions = { version: string; release: string; releases: string[] }[];

const offered = signal<Loaded<{ current: string; versions: Version[] }>>({ state: 'loading' });

/** The versions of the server that have a document, the newest first. */
export const versions: ReadonlySignal<Loaded<Version[]>> = computed(() => {
  const { value } = offered;
  return value.state === 'ready' ? { state: 'ready', value: value.value.versions } : value;
});

/** What is known of a version. */
export function versionOf({ version }: Edition): Version | undefined {
  const { value } = versions;
  return value.state === 'ready' ? value.value.find((each) => each.version === version) : undefined;
}

/** The edition that the page speaks of: that of the address, or the one that the server names as its own. */
export const edition: ReadonlySignal<Edition | undefined> = computed(() => {
  const { value } = route;
  if (value.page === 'compare') return value.to;
  if (value.edition) return value.edition;
  return offered.value.state === 'ready' ? { version: offered.value.value.current } : undefined;
});

/** Asks the server for its versions; called once. */
export async function loadVersions(): Promise<void> {
  offered.value = await loaded(async () => {
    const [told, editions] = await Promise.all([get<Versions>('/versions'), get<Editions>('/api-explorer/editions.json')]);
    const status = (version: string) => told.supported_versions.find((each) => each.version === version)?.status;
    const versions = editions
      .map((edition) => ({ ...edition, status: status(edition.version) ?? '' }))
      .filter((edition) => edition.status !== '');
    return { current: told.current_version.version, versions };
  });
}

const apis = new Map<string, Signal<Loaded<Api>>>();

/** The API of an edition; its document is fetched when it is first asked for. */
export function apiOf(edition: Edition): ReadonlySignal<Loaded<Api>> {
  const key = editionText(edition);
  const known = apis.get(key);
  if (known) return known;
  const api = signal<Loaded<Api>>({ state: 'loading' });
  apis.set(key, api);
  void loaded(async () => readApi(await get<Document>(documentPath(edition)), edition)).then((result) => {
    api.value = result;
    // What failed is asked for anew the next time.
    if (result.state === 'failed') apis.delete(key);
  });
  return api;
}

async function loaded<T>(load: () => Promise<T>): Promise<Loaded<T>> {
  try {
    return { state: 'ready', value: await load() };
  } catch (error) {
    return { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(path, { credentials: 'omit' });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as T;
}

/** Which colours the page has; `system` follows the machine. */
export type Theme = 'system' | 'light' | 'dark';
export const theme = signal<Theme>('system');

/** Changes the colours of the page. */
export function setTheme(to: Theme): void {
  theme.value = to;
  if (to === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = to;
}
