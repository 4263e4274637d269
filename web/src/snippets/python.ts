import { properties, refName, resolve, type Schemas } from '../document/schema';
import { bodyValue, callUrl, isForm, isJson, payload, sent, type Call } from '../request/call';
import { enclosed, escaped, hex, isIdentifier, literal, type Language } from './literal';
import { isTime, SDK_VERSION, typed } from './value';

const KEYWORDS = new Set(
  ('False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield').split(' '),
);

export const PYTHON: Language = {
  text: (value) => escaped(value, '"', (code) => `\\u${hex(code, 4)}`),
  number: String,
  truth: (value) => (value ? 'True' : 'False'),
  nothing: 'None',
  entry: (name) => `${PYTHON.text(name)}: `,
};

/** A call with the SDK from PyPI, `looker-sdk`. */
export function python(call: Call, schemas: Schemas): string {
  return call.version === SDK_VERSION ? withSdk(call, schemas) : withRequests(call);
}

function withSdk(call: Call, schemas: Schemas): string {
  const parameters = [...sent(call, 'path'), ...sent(call, 'query')];
  const values = parameters.map(([parameter, value]): [string, string] => {
    const value_ = typed(parameter, value);
    if (Array.isArray(value_)) return [parameter.name, `models.DelimSequence(${literal(value_, PYTHON, 1)})`];
    if (isTime(parameter)) return [parameter.name, `datetime.datetime.fromisoformat(${PYTHON.text(value)})`];
    return [parameter.name, literal(value_, PYTHON, 1)];
  });
  // The SDK has no forms: it sends what would be in one in the query string.
  const body = isForm(call.operation.body?.contentType ?? '') ? undefined : bodyValue(call);
  const path = values.slice(0, sent(call, 'path').length);
  const query = values.slice(path.length);
  const named = [...path, ...(body === undefined ? [] : [['body', model(call, body, schemas)] as const]), ...query];
  const lines = named.map(([name, value]) => `${KEYWORDS.has(name) ? `${name}_` : name}=${value}`);
  const text = `sdk.${call.operation.id}${enclosed(lines, '(', ')', 0, '    ', true)}`;
  const imports = [
    ...(text.includes('datetime.') ? ['import datetime', ''] : []),
    'import looker_sdk',
    ...(text.includes('models.') ? ['from looker_sdk import models40 as models'] : []),
  ];
  return `${imports.join('\n')}\n\nsdk = looker_sdk.init40("looker.ini")\nanswer = ${text}\nprint(answer)`;
}

/**
 * A body as the class that the SDK has for it. The class wants every required property, and objects of its own classes
 * inside; where the body has another form it is a dictionary, which the SDK sends just as well.
 */
function model(call: Call, body: unknown, schemas: Schemas): string {
  const schema = call.operation.body?.schema ?? {};
  const name = refName(schema);
  if (name === undefined || typeof body !== 'object' || body === null || Array.isArray(body)) {
    return literal(body, PYTHON, 1);
  }
  const all = properties(schema, schemas);
  const entries = Object.entries(body);
  const isPlain = entries.every(([key, value]) => {
    const property = all.find((property) => property.name === key);
    return property !== undefined && isIdentifier(key) && isValue(property.schema, value, schemas);
  });
  const isWhole = all.every(({ name, required, schema }) => !required || schema.readOnly || name in body);
  if (!isPlain || !isWhole) return literal(body, PYTHON, 1);
  const hasReadOnly = all.some(({ schema }) => schema.readOnly);
  const hasWritable = all.some(({ schema }) => !schema.readOnly);
  const lines = entries.map(([key, value]) => `${KEYWORDS.has(key) ? `${key}_` : key}=${literal(value, PYTHON, 2)}`);
  return `models.${hasReadOnly && hasWritable ? 'Write' : ''}${name}${enclosed(lines, '(', ')', 1)}`;
}

/** Whether the SDK takes the value as it is: no enumeration, no object of a class of its own. */
function isValue(schema: Parameters<typeof resolve>[0], value: unknown, schemas: Schemas): boolean {
  if (value === null) return false;
  if (refName(schema) !== undefined) return false;
  const own = resolve(schema, schemas);
  if (own.enum || own.format === 'date-time' || own.format === 'date') return false;
  return own.type !== 'array' || isValue(own.items ?? {}, '', schemas);
}

function withRequests(call: Call): string {
  const { method, needsToken } = call.operation;
  const body = payload(call);
  const value = bodyValue(call);
  const isObject = typeof value === 'object' && body !== undefined && isJson(body.contentType);
  const headers = [
    ...(needsToken ? [`"Authorization": f"Bearer {os.environ['LOOKER_TOKEN']}"`] : []),
    ...(body && !isObject ? [`"Content-Type": ${PYTHON.text(body.contentType)}`] : []),
  ];
  const lines = [
    PYTHON.text(method),
    PYTHON.text(callUrl(call)),
    ...(headers.length > 0 ? [`headers={${headers.join(', ')}}`] : []),
    ...(body ? [isObject ? `json=${literal(value, PYTHON, 1)}` : `data=${PYTHON.text(body.text)}`] : []),
  ];
  const imports = `${needsToken ? 'import os\n\n' : ''}import requests`;
  return `${imports}\n\nanswer = requests.request${enclosed(lines, '(', ')', 0)}\nanswer.raise_for_status()\nprint(answer.text)`;
}
