import type { Schema } from '../document/openapi';
import { resolve, type Schemas } from '../document/schema';
import { bodyValue, callUrl, isForm, isJson, payload, sent, type Call } from '../request/call';
import { enclosed, escaped, Expression, hex, isIdentifier, literal, type Language } from './literal';
import { isTime, sdkOrder, SDK_VERSION, typed } from './value';

const INDENT = '  ';

export const TYPESCRIPT: Language = {
  text: (value) => escaped(value, "'", (code) => `\\u${hex(code, 4)}`),
  number: String,
  truth: String,
  nothing: 'null',
  entry: (name) => `${isIdentifier(name) ? name : TYPESCRIPT.text(name)}: `,
};

/** A call with the SDK from npm, `@looker/sdk-node`. */
export function typescript(call: Call, schemas: Schemas): string {
  return call.version === SDK_VERSION ? withSdk(call, schemas) : withFetch(call);
}

function withSdk(call: Call, schemas: Schemas): string {
  const words = new Set<string>();
  const body = sdkBody(call, schemas, words);
  const text = `sdk.${call.operation.id}(${takesRequest(call) ? request(call, body) : inOrder(call, body)})`;
  const imports = [
    ...(words.size > 0 ? [`import { ${[...words].sort().join(', ')} } from '@looker/sdk'`] : []),
    ...(text.includes('new DelimArray') ? ["import { DelimArray } from '@looker/sdk-rtl'"] : []),
    "import { LookerNodeSDK } from '@looker/sdk-node'",
  ];
  return `${imports.join('\n')}\n\nconst sdk = LookerNodeSDK.init40()\nconst answer = await sdk.ok(${text})\nconsole.log(answer)`;
}

/**
 * The body with the types of the SDK: a word of an enumeration is a member of it, a point in time a `Date`. The SDK has
 * no forms: it sends what would be in one in the query string.
 */
function sdkBody({ operation, ...call }: Call, schemas: Schemas, words: Set<string>): unknown {
  const value = bodyValue({ operation, ...call });
  if (!operation.body || isForm(operation.body.contentType)) return undefined;
  const typed = (value: unknown, schema: Schema, name: string): unknown => {
    const own = resolve(schema, schemas);
    if (Array.isArray(value)) return value.map((item) => typed(item, own.items ?? {}, name));
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).map(([name, part]) => [name, typed(part, own.properties?.[name] ?? {}, name)]);
      return Object.fromEntries(entries) as unknown;
    }
    if (typeof value !== 'string') return value;
    if (own.format === 'date-time') return new Expression(`new Date(${TYPESCRIPT.text(value)})`);
    if (!own.enum?.includes(value) || !isIdentifier(value)) return value;
    words.add(pascal(name));
    return new Expression(`${pascal(name)}.${value}`);
  };
  return typed(value, operation.body.schema, '');
}

/** The SDK names an enumeration after the property. */
function pascal(name: string): string {
  return name
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

/** The SDK's methods take one object as soon as two of their parameters may be left out. */
export function takesRequest({ operation }: Pick<Call, 'operation'>): boolean {
  return operation.parameters.filter(({ required }) => !required).length > 1;
}

function request(call: Call, body: unknown): string {
  const entries = [
    ...sent(call, 'path').map(([parameter, value]) => TYPESCRIPT.entry(parameter.name) + argument(parameter, value)),
    ...(body === undefined ? [] : [`body: ${literal(body, TYPESCRIPT, 1, INDENT)}`]),
    ...sent(call, 'query').map(([parameter, value]) => TYPESCRIPT.entry(parameter.name) + argument(parameter, value)),
  ];
  return enclosed(entries, '{', '}', 0, INDENT);
}

function inOrder(call: Call, body: unknown): string {
  const { path, query } = sdkOrder(call.operation);
  const of = (parameter: (typeof path)[number]) => {
    const value = call.values[parameter.name] ?? '';
    return value === '' && parameter.in === 'query' ? undefined : argument(parameter, value);
  };
  const hasBody = call.operation.body !== undefined && !isForm(call.operation.body.contentType);
  const missing = call.operation.body?.required === true ? '{}' : undefined;
  const values = [
    ...path.map(of),
    ...(hasBody ? [body === undefined ? missing : literal(body, TYPESCRIPT, 0, INDENT)] : []),
    ...query.filter(({ required }) => required).map(of),
    ...query.filter(({ required }) => !required).map(of),
  ];
  while (values.length > 0 && values.at(-1) === undefined) values.pop();
  return values.map((value) => value ?? 'undefined').join(', ');
}

function argument(parameter: Parameters<typeof typed>[0], value: string): string {
  const value_ = typed(parameter, value);
  if (Array.isArray(value_)) return `new DelimArray(${literal(value_, TYPESCRIPT, 1, INDENT)})`;
  if (isTime(parameter)) return `new Date(${TYPESCRIPT.text(value)})`;
  return literal(value_, TYPESCRIPT, 1, INDENT);
}

function withFetch(call: Call): string {
  const body = payload(call);
  const headers = [
    ...(call.operation.needsToken ? ['Authorization: `Bearer ${process.env.LOOKER_TOKEN}`'] : []),
    ...(body ? [`'Content-Type': ${TYPESCRIPT.text(body.contentType)}`] : []),
  ];
  const value = bodyValue(call);
  const isObject = typeof value === 'object' && body !== undefined && isJson(body.contentType);
  const written = isObject
    ? `JSON.stringify(${literal(value, TYPESCRIPT, 1, INDENT)})`
    : literal(body?.text, TYPESCRIPT, 1, INDENT);
  const options = [
    `method: ${TYPESCRIPT.text(call.operation.method)}`,
    ...(headers.length > 0 ? [`headers: ${enclosed(headers, '{', '}', 1, INDENT)}`] : []),
    ...(body ? [`body: ${written}`] : []),
  ];
  const fetched = `await fetch(${TYPESCRIPT.text(callUrl(call))}, ${enclosed(options, '{', '}', 0, INDENT)})`;
  return `const answer = ${fetched}\nconsole.log(answer.status, await answer.text())`;
}
