import type { Schema } from './openapi';
import { properties, refName, resolve, writable, type Schemas } from './schema';

/** How deep objects stand within objects in an example. */
const DEPTH = 3;

const BY_FORMAT: Record<string, unknown> = {
  'date-time': '2026-01-31T08:00:00.000+00:00',
  date: '2026-01-31',
  uri: 'https://bi.example.com',
  'uri-reference': 'https://bi.example.com/api/4.0',
  email: 'ada@example.com',
};

const BY_TYPE: Record<string, unknown> = { string: 'text', integer: 1, number: 1.5, boolean: true };

/** Which parts of an object an example has. */
export type Parts = 'answer' | 'required' | 'writable';

/** A value of a schema, to show what it looks like or to begin with. */
export function example(schema: Schema, schemas: Schemas, parts: Parts): unknown {
  return value(schema, schemas, parts, new Set());
}

function value(schema: Schema, schemas: Schemas, parts: Parts, around: ReadonlySet<string>): unknown {
  if (schema.example !== undefined) return schema.example;
  const name = refName(schema);
  if (name !== undefined && (around.has(name) || around.size >= DEPTH)) return schema.nullable ? null : {};
  const own = resolve(schema, schemas);
  const inside = name === undefined ? around : new Set([...around, name]);
  if (own.enum?.length) return own.enum[0];
  if (own.type === 'array') {
    const item = value(own.items ?? {}, schemas, parts, inside);
    return isEmpty(item) ? [] : [item];
  }
  if (own.properties) return object(own, schemas, parts, inside);
  if (own.type === 'object') {
    const of = own.additionalProperties;
    return typeof of === 'object' && of.type !== undefined ? { name: value(of, schemas, parts, inside) } : {};
  }
  // What must be there is for the person to fill in; an example shows what it looks like.
  if (parts === 'required' && own.type === 'string') return '';
  return BY_FORMAT[own.format ?? ''] ?? BY_TYPE[own.type ?? ''] ?? null;
}

function object(schema: Schema, schemas: Schemas, parts: Parts, around: ReadonlySet<string>): Record<string, unknown> {
  const entries = shown(schema, schemas, parts).map(
    (property) => [property.name, value(property.schema, schemas, parts, around)] as const,
  );
  return Object.fromEntries(entries);
}

function shown(schema: Schema, schemas: Schemas, parts: Parts) {
  if (parts === 'answer') return properties(schema, schemas).filter(({ schema }) => !schema.writeOnly);
  const may = writable(schema, schemas).filter(({ schema }) => !schema.deprecated);
  return parts === 'writable' ? may : may.filter(({ required }) => required);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
