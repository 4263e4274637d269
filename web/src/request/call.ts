import type { Operation } from '../document/api';
import type { ParameterObject } from '../document/openapi';

/** A call of an operation: what a person has filled in. */
export interface Call {
  operation: Operation;
  /** The version in the path, `4.0`. */
  version: string;
  /** Scheme, host and port. */
  origin: string;
  /** Values of parameters by name, as they were typed; an empty one is not sent. */
  values: Readonly<Record<string, string>>;
  /** The text of the body; an empty one is not sent. */
  body: string;
}

/** What is wrong with a call, by the name of the parameter or `body`. */
export type Mistakes = Record<string, string>;

/** The parameters that a call sends, in the order of the document. */
export function sent({ operation, values }: Call, place: 'path' | 'query'): [ParameterObject, string][] {
  return operation.parameters
    .filter((parameter) => parameter.in === place)
    .map((parameter): [ParameterObject, string] => [parameter, values[parameter.name] ?? ''])
    .filter(([parameter, value]) => value !== '' || parameter.in === 'path');
}

/** Path and query string of a call. A parameter of the path without a value stays as the template has it. */
export function callPath(call: Call): string {
  let path = call.operation.path;
  for (const [{ name }, value] of sent(call, 'path')) {
    if (value !== '') path = path.replace(`{${name}}`, () => encodeURIComponent(value));
  }
  const query = sent(call, 'query').map(([{ name }, value]) => `${encodeURIComponent(name)}=${encodeQuery(value)}`);
  return `/api/${call.version}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

/** Commas separate the items of lists and are legible as they are. */
function encodeQuery(value: string): string {
  return encodeURIComponent(value).replaceAll('%2C', ',');
}

/** The whole address of a call. */
export function callUrl(call: Call): string {
  return call.origin + callPath(call);
}

/** What is missing in a call, or has not the form that the document wants. */
export function mistakes(call: Call): Mistakes {
  const found: Mistakes = {};
  for (const parameter of call.operation.parameters) {
    const problem = parameterMistake(parameter, call.values[parameter.name] ?? '');
    if (problem) found[parameter.name] = problem;
  }
  const problem = bodyMistake(call);
  if (problem) found['body'] = problem;
  return found;
}

function parameterMistake({ required, schema }: ParameterObject, value: string): string | undefined {
  if (value === '') return required ? 'This parameter is required.' : undefined;
  if (schema.type === 'integer' && !/^-?\d+$/.test(value)) return 'A whole number, such as 10.';
  if (schema.type === 'number' && !Number.isFinite(Number(value))) return 'A number, such as 1.5.';
  if (schema.type === 'boolean' && value !== 'true' && value !== 'false') return 'true or false.';
  return undefined;
}

function bodyMistake({ operation, body }: Call): string | undefined {
  if (!operation.body) return undefined;
  if (body.trim() === '') return operation.body.required ? 'This operation needs a body.' : undefined;
  if (!isJson(operation.body.contentType) && !isForm(operation.body.contentType)) return undefined;
  try {
    JSON.parse(body);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'This is not JSON.';
  }
}

/** The value of the body as JSON, where it is. */
export function bodyValue({ operation, body }: Call): unknown {
  if (!operation.body || body.trim() === '') return undefined;
  if (!isJson(operation.body.contentType) && !isForm(operation.body.contentType)) return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** What is sent as the body, with its type. A form is typed as JSON, too. */
export function payload(call: Call): { contentType: string; text: string } | undefined {
  const { operation, body } = call;
  if (!operation.body || body.trim() === '') return undefined;
  if (!isForm(operation.body.contentType)) return { contentType: operation.body.contentType, text: body };
  return { contentType: operation.body.contentType, text: formText(bodyValue(call)) };
}

/** The entries of an object as a form. */
export function formText(value: unknown): string {
  const form = new URLSearchParams();
  for (const [name, part] of Object.entries(value ?? {})) {
    form.set(name, typeof part === 'string' ? part : JSON.stringify(part));
  }
  return form.toString();
}

export function isJson(contentType: string): boolean {
  return contentType.includes('json');
}

export function isForm(contentType: string): boolean {
  return contentType.includes('form-urlencoded');
}
