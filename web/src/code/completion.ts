import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import type { SyntaxNode } from '@lezer/common';
import type { Schema } from '../document/openapi';
import { resolve, typeText, writable, type Schemas } from '../document/schema';

/** Offers the names of properties where a name stands, and the words of a property where its value stands. */
export function complete(context: CompletionContext, schema: Schema, schemas: Schemas): CompletionResult | null {
  const { state, pos } = context;
  const node = syntaxTree(state).resolveInner(pos, -1);
  const before = context.matchBefore(/"?[\w-]*/);
  if (!before || (before.from === before.to && !context.explicit)) return null;
  const hasQuote = state.sliceDoc(pos, pos + 1) === '"';
  const range = { from: before.from, to: hasQuote ? pos + 1 : pos, validFor: /^"?[\w-]*"?$/ };
  const property = around(node, 'Property');
  const isValue = property !== undefined && isBehindColon(state, property, before.from);
  if (isValue) {
    const own = schemaAt(state, property, schema, schemas);
    const options = own ? words(resolve(own, schemas)) : [];
    return options.length > 0 ? { ...range, options } : null;
  }
  const object = around(node, 'Object');
  const own = object && objectSchema(state, object, schema, schemas);
  if (!own) return null;
  const taken = new Set(object.getChildren('Property').filter((child) => child.from !== before.from).map((child) => nameOf(state, child)));
  const options = writable(own, schemas)
    .filter(({ name }) => !taken.has(name))
    .map(({ name, schema, required }) => offer(name, schema, required, state, range.to));
  return { ...range, options };
}

function offer(name: string, schema: Schema, required: boolean, state: EditorState, end: number): Completion {
  const hasColon = /^\s*:/.test(state.sliceDoc(end, end + 8));
  return {
    label: JSON.stringify(name),
    apply: `${JSON.stringify(name)}${hasColon ? '' : ': '}`,
    detail: typeText(schema),
    ...(schema.description ? { info: schema.description } : {}),
    boost: (required ? 2 : 0) - (schema.deprecated ? 2 : 0),
  };
}

function words(schema: Schema): Completion[] {
  const values = schema.type === 'boolean' ? [true, false] : (schema.enum ?? []);
  return values.map((value) => ({ label: JSON.stringify(value) }));
}

/** The schema of an object in the text, found by the names that lead to it. */
function objectSchema(state: EditorState, object: SyntaxNode, schema: Schema, schemas: Schemas): Schema | undefined {
  const { parent } = object;
  const own = parent === null || parent.name === 'JsonText' ? schema : schemaAt(state, parent, schema, schemas);
  return own && resolve(own, schemas);
}

/** The schema of the value that a property or a list in the text has. */
function schemaAt(state: EditorState, holder: SyntaxNode, schema: Schema, schemas: Schemas): Schema | undefined {
  if (holder.name === 'Array') {
    const { parent } = holder;
    const list = parent === null || parent.name === 'JsonText' ? schema : schemaAt(state, parent, schema, schemas);
    return list && resolve(list, schemas).items;
  }
  if (holder.name !== 'Property' || holder.parent?.name !== 'Object') return undefined;
  const object = objectSchema(state, holder.parent, schema, schemas);
  if (!object) return undefined;
  const named = object.properties?.[nameOf(state, holder)];
  return named ?? (typeof object.additionalProperties === 'object' ? object.additionalProperties : undefined);
}

function nameOf(state: EditorState, property: SyntaxNode): string {
  const name = property.getChild('PropertyName');
  return name ? state.sliceDoc(name.from, name.to).replaceAll('"', '') : '';
}

/** The next node of this kind around; what holds an object of its own is not looked through. */
function around(node: SyntaxNode, name: 'Property' | 'Object'): SyntaxNode | undefined {
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.name === name) return at;
    if (at.name === 'Object') return undefined;
  }
  return undefined;
}

function isBehindColon(state: EditorState, property: SyntaxNode, at: number): boolean {
  const name = property.getChild('PropertyName');
  return name !== null && at >= name.to && state.sliceDoc(name.to, at).includes(':');
}
