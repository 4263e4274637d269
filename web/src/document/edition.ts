/** An edition of the API: a version, and the release of it where that is not the one the server has chosen. */
export interface Edition {
  version: string;
  release?: string;
}

/** `4.0`, or `4.0@26.12` for a release. */
export function editionText({ version, release }: Edition): string {
  return release === undefined ? version : `${version}@${release}`;
}

/** Reads what {@link editionText} writes. */
export function parseEdition(text: string): Edition | undefined {
  const [, version, release] = /^(\d+\.\d+)(?:@(\d+\.\d+))?$/.exec(text) ?? [];
  if (version === undefined) return undefined;
  return release === undefined ? { version } : { version, release };
}

/** Where the server serves the document of an edition. */
export function documentPath({ version, release }: Edition): string {
  return `/api/${version}/openapi.json${release === undefined ? '' : `?release=${release}`}`;
}
