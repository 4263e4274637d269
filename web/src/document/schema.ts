import type { Schema } from './openapi';

/** The schemas of a document by name. */
export type Schemas = Record<string, Schema>;

/** A property of an object, or a part of one: what a row of a table shows. */
export interface Property {
  name: string;
  schema: Schema;
  required: boolean;
}

const PREFIX = '#/components/schemas/';

/** The name of the schema that this one refers to, alone or with flags beside it. */
export function refName(schema: Schema): string | undefined {
  const ref = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
  return ref?.startsWith(PREFIX) ? ref.slice(PREFIX.length) : undefined;
}

/** The schema itself in place of a reference to it. */
export function resolve(schema: Schema, schemas: Schemas): Schema {
  const name = refName(schema);
  return name === undefined ? schema : (schemas[name] ?? {});
}

/** The name of the object that a schema is made of, be it the thing itself, a list or a map of it. */
export function namedPart(schema: Schema): string | undefined {
  const name = refName(schema);
  if (name !== undefined) return name;
  if (schema.items) return namedPart(schema.items);
  return typeof schema.additionalProperties === 'object' ? namedPart(schema.additionalProperties) : undefined;
}

/** A type as people read it: `string`, `Folder[]`, `map of boolean`, `any`. */
export function typeText(schema: Schema): string {
  const name = refName(schema);
  if (name !== undefined) return name;
  switch (schema.type) {
    case 'array':
      return `${typeText(schema.items ?? {})}[]`;
    case 'object':
      return mapText(schema);
    case undefined:
      return 'any';
    default:
      return schema.format === undefined ? schema.type : `${schema.type}, ${schema.format}`;
  }
}

function mapText({ additionalProperties, properties }: Schema): string {
  if (properties) return 'object';
  if (typeof additionalProperties !== 'object') return 'object';
  return `map of ${typeText(additionalProperties)}`;
}

/** The properties of an object, in the order of the document. */
export function properties(schema: Schema, schemas: Schemas): Property[] {
  const own = resolve(schema, schemas);
  const required = new Set(own.required);
  return Object.entries(own.properties ?? {}).map(([name, schema]) => ({ name, schema, required: required.has(name) }));
}

/**
 * What a client may send of an object: all but what is read-only. Some bodies are made of an object whose properties
 * are read-only one and all; those may be sent as they are.
 */
export function writable(schema: Schema, schemas: Schemas): Property[] {
  const all = properties(schema, schemas);
  const open = all.filter((property) => !property.schema.readOnly);
  return open.length > 0 ? open : all;
}
