import { signal } from '@preact/signals';
import { editionText, parseEdition, type Edition } from './document/edition';

/** What the page shows. It stands in the fragment of the address, so that every view has a link. */
export type Route =
  | { page: 'start'; edition: Edition | undefined }
  | { page: 'operation'; edition: Edition | undefined; id: string }
  | { page: 'schema'; edition: Edition | undefined; name: string }
  | { page: 'compare'; from: Edition; to: Edition; operation?: string; schema?: string };

/** The fragment of a route, `#/4.0@26.12/operations/run_query`. */
export function link(route: Route): string {
  if (route.page === 'compare') {
    const { from, to, operation, schema } = route;
    const inner = operation === undefined ? (schema === undefined ? '' : `/schemas/${schema}`) : `/operations/${operation}`;
    return `#/compare/${editionText(from)}/${editionText(to)}${inner}`;
  }
  const base = route.edition ? `#/${editionText(route.edition)}` : '#';
  switch (route.page) {
    case 'operation':
      return `${base}/operations/${encodeURIComponent(route.id)}`;
    case 'schema':
      return `${base}/schemas/${encodeURIComponent(route.name)}`;
    case 'start':
      return route.edition ? base : '#/';
  }
}

/** Reads what {@link link} writes. What makes no sense is the start. */
export function parseRoute(fragment: string): Route {
  // Links to the older pages of the API have this form: `#!/Query/run_query`.
  const [, old] = /^#!\/[^/]+\/(\w+)$/.exec(fragment) ?? [];
  if (old !== undefined) return { page: 'operation', edition: undefined, id: old };
  const parts = fragment.replace(/^#?\/?/, '').split('/').map(decoded);
  if (parts[0] === 'compare') return parseCompare(parts.slice(1));
  const edition = parseEdition(parts[0] ?? '');
  const [kind, name] = edition ? parts.slice(1) : parts;
  if (kind === 'operations' && name) return { page: 'operation', edition, id: name };
  if (kind === 'schemas' && name) return { page: 'schema', edition, name };
  return { page: 'start', edition };
}

function parseCompare([one = '', other = '', kind, name]: string[]): Route {
  const [from, to] = [parseEdition(one), parseEdition(other)];
  if (!from || !to) return { page: 'start', edition: undefined };
  if (kind === 'operations' && name) return { page: 'compare', from, to, operation: name };
  if (kind === 'schemas' && name) return { page: 'compare', from, to, schema: name };
  return { page: 'compare', from, to };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Where the page is now. */
export const route = signal<Route>(parseRoute(globalThis.location?.hash ?? ''));

/** Follows the address; called once. */
export function followAddress(): void {
  const follow = () => (route.value = parseRoute(location.hash));
  addEventListener('hashchange', follow);
  follow();
}

/** Goes to a route. */
export function go(to: Route): void {
  location.hash = link(to);
}
