import type { Document, OperationObject, ParameterObject, Schema } from './openapi';
import type { Edition } from './edition';
import type { Schemas } from './schema';

/** How far the form of an operation is promised. */
export type Status = 'stable' | 'beta' | 'alpha' | 'deprecated';

/** An operation as the pages show it. */
export interface Operation {
  id: string;
  /** In capitals. */
  method: string;
  /** The template below the base path. */
  path: string;
  tag: string;
  status: Status;
  /** Whether this server has code for it; without, it answers 501. */
  implemented: boolean;
  summary: string;
  description: string;
  needsToken: boolean;
  parameters: ParameterObject[];
  body: Body | undefined;
  answers: Answer[];
}

export interface Body {
  required: boolean;
  contentType: string;
  schema: Schema;
}

export interface Answer {
  status: string;
  description: string;
  contentTypes: string[];
  schema: Schema | undefined;
}

export interface Tag {
  name: string;
  description: string;
  operations: Operation[];
}

/** One edition of the API, read from its document. */
export interface Api {
  edition: Edition;
  /** The release whose document it is. */
  release: string;
  title: string;
  description: string;
  tags: Tag[];
  operations: Operation[];
  byId: Map<string, Operation>;
  schemas: Schemas;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const STATUSES: readonly string[] = ['stable', 'beta', 'alpha', 'deprecated'] satisfies Status[];

/** Reads a document. */
export function readApi(document: Document, edition: Edition): Api {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const object = methods[method];
      return object ? [readOperation(object, method.toUpperCase(), path)] : [];
    }),
  );
  return {
    edition,
    release: shortRelease(document),
    title: document.info.title,
    description: document.info.description ?? '',
    tags: byTag(document, operations),
    operations,
    byId: new Map(operations.map((operation) => [operation.id, operation])),
    schemas: document.components.schemas,
  };
}

function readOperation(object: OperationObject, method: string, path: string): Operation {
  return {
    id: object.operationId,
    method,
    path,
    tag: object.tags?.[0] ?? 'Other',
    status: statusOf(object),
    implemented: object['x-implemented'] !== false,
    summary: object.summary ?? '',
    description: object.description ?? '',
    needsToken: object.security?.length !== 0,
    parameters: object.parameters ?? [],
    body: readBody(object),
    answers: readAnswers(object),
  };
}

function statusOf(object: OperationObject): Status {
  if (object.deprecated) return 'deprecated';
  const status = object['x-looker-status'] ?? 'stable';
  return STATUSES.includes(status) ? (status as Status) : 'stable';
}

function readBody({ requestBody }: OperationObject): Body | undefined {
  const [usual] = Object.entries(requestBody?.content ?? {});
  if (!requestBody || !usual) return undefined;
  const [contentType, { schema = {} }] = usual;
  return { required: requestBody.required ?? false, contentType, schema };
}

function readAnswers({ responses }: OperationObject): Answer[] {
  return Object.entries(responses).map(([status, { description = '', content = {} }]) => ({
    status,
    description,
    contentTypes: Object.keys(content),
    schema: content['application/json']?.schema ?? Object.values(content)[0]?.schema,
  }));
}

function byTag(document: Document, operations: Operation[]): Tag[] {
  const tags = new Map<string, Tag>();
  for (const { name, description = '' } of document.tags ?? []) tags.set(name, { name, description, operations: [] });
  for (const operation of operations) {
    const tag = tags.get(operation.tag) ?? { name: operation.tag, description: '', operations: [] };
    tag.operations.push(operation);
    tags.set(operation.tag, tag);
  }
  return [...tags.values()].filter((tag) => tag.operations.length > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The release without its patch, as addresses have it. */
function shortRelease({ info }: Document): string {
  const full = info['x-looker-release-version'] ?? info.version;
  return full.split('.').slice(0, 2).join('.');
}

/** The answer of a call that goes well. */
export function success(operation: Operation): Answer | undefined {
  return operation.answers.find(({ status }) => status.startsWith('2'));
}
