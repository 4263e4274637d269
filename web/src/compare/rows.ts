import { success, type Api, type Operation } from '../document/api';
import type { ParameterObject, Schema } from '../document/openapi';
import { namedPart, properties, refName, typeText, writable, type Property, type Schemas } from '../document/schema';

/** What became of a line. `inside` is a part that looks the same but whose object has changed. */
export type Mark = 'same' | 'added' | 'removed' | 'changed' | 'inside';

/** One line of a comparison: the same thing on both sides. */
export interface Row {
  name: string;
  left: Cell | undefined;
  right: Cell | undefined;
  mark: Mark;
  /** Whether a program that knows the left side may fail on the right one. */
  isBreaking: boolean;
}

/** What one side says. */
export interface Cell {
  text: string;
  flags: string[];
  /** The object it is made of, by its name. */
  schema: string | undefined;
}

export interface Section {
  title: string;
  rows: Row[];
}

/** What changes when it is missing on the right, or new there. */
interface Rule {
  removed: boolean;
  added: (cell: Cell) => boolean;
}

/** Parameters and parts of bodies: what is sent may not be refused, and nothing new may be asked for. */
const SENT: Rule = { removed: true, added: ({ flags }) => flags.includes('required') };
/** Parts of answers: what was there must stay, more may come. */
const ANSWERED: Rule = { removed: true, added: () => false };

/** Compares two operations line by line. */
export function sections(left: Operation, right: Operation, from: Api, to: Api): Section[] {
  const same = new Sameness(from.schemas, to.schemas);
  const body = (operation: Operation, schemas: Schemas) => parts(operation.body?.schema, schemas, 'writable');
  const answer = (operation: Operation, schemas: Schemas) => parts(success(operation)?.schema, schemas, 'all');
  const { left: old, right: now } = withSameNames(left, right);
  return [
    { title: 'Operation', rows: head(left, right) },
    { title: 'Parameters', rows: rows(old, now, SENT, same) },
    { title: 'Body', rows: rows(body(left, from.schemas), body(right, to.schemas), SENT, same) },
    { title: 'Answer', rows: rows(answer(left, from.schemas), answer(right, to.schemas), ANSWERED, same) },
    { title: 'Statuses', rows: statusRows(left, right) },
  ].filter(({ rows }) => rows.length > 0);
}

/** Compares two objects of the API line by line. */
export function schemaSections(left: string, right: string, from: Api, to: Api): Section[] {
  const same = new Sameness(from.schemas, to.schemas);
  const all = (name: string, schemas: Schemas) => parts(schemas[name], schemas, 'all');
  return [{ title: 'Properties', rows: rows(all(left, from.schemas), all(right, to.schemas), ANSWERED, same) }];
}

/** A thing that both sides may have, with what one side says about it. */
interface Entry {
  name: string;
  cell: Cell;
  schema: Schema;
}

function head(left: Operation, right: Operation): Row[] {
  const line = (name: string, of: (operation: Operation) => string, breaks: boolean): Row => {
    const [one, other] = [of(left), of(right)];
    const cell = (text: string): Cell => ({ text, flags: [], schema: undefined });
    const isChanged = one !== other;
    return {
      name,
      left: cell(one),
      right: cell(other),
      mark: isChanged ? 'changed' : 'same',
      isBreaking: isChanged && breaks,
    };
  };
  return [
    line('operationId', ({ id }) => id, true),
    line('method', ({ method }) => method, true),
    line('path', ({ path }) => path.replace(/\{[^}]*\}/g, '{}'), true),
    line('status', ({ status }) => status, false),
    line('body', ({ body }) => (body ? `${body.contentType}, ${body.required ? 'required' : 'optional'}` : 'none'), false),
    line('answer', (operation) => answerText(operation), true),
  ];
}

function answerText(operation: Operation): string {
  const answer = success(operation);
  return answer ? `${answer.status} ${answer.schema ? typeText(answer.schema) : ''}`.trim() : 'none';
}

/** Parameters of the path are the same by their place, whatever they are called. */
function withSameNames(left: Operation, right: Operation): { left: Entry[]; right: Entry[] } {
  const inPath = (operation: Operation) => [...operation.path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name ?? '');
  const [names, newer] = [inPath(left), inPath(right)];
  const entry = (parameter: ParameterObject): Entry => {
    const at = parameter.in === 'path' ? newer.indexOf(parameter.name) : -1;
    const name = right.parameters.includes(parameter) ? (names[at] ?? parameter.name) : parameter.name;
    return { name, cell: parameterCell(parameter), schema: parameter.schema };
  };
  return { left: left.parameters.map(entry), right: right.parameters.map(entry) };
}

function parameterCell(parameter: ParameterObject): Cell {
  const flags = [
    ...(parameter.required ? ['required'] : []),
    ...(parameter.deprecated ? ['deprecated'] : []),
    ...(parameter.in === 'path' || parameter.in === 'query' ? [] : [parameter.in]),
  ];
  return { text: typeText(parameter.schema), flags, schema: undefined };
}

function parts(schema: Schema | undefined, schemas: Schemas, which: 'writable' | 'all'): Entry[] {
  if (!schema) return [];
  const name = namedPart(schema);
  const object = name === undefined ? schema : (schemas[name] ?? {});
  const list = which === 'writable' ? writable(object, schemas) : properties(object, schemas);
  return list.map((property) => ({ name: property.name, cell: propertyCell(property), schema: property.schema }));
}

/** The flags of a property, as both the comparison and the list of properties show them. */
export function propertyFlags({ schema, required }: Property): string[] {
  return [
    ...(required ? ['required'] : []),
    ...(schema.nullable ? ['nullable'] : []),
    ...(schema.readOnly ? ['read-only'] : []),
    ...(schema.writeOnly ? ['write-only'] : []),
    ...(schema.deprecated ? ['deprecated'] : []),
  ];
}

function propertyCell(property: Property): Cell {
  const words = property.schema.enum ? ` (${property.schema.enum.join(', ')})` : '';
  return {
    text: typeText(property.schema) + words,
    flags: propertyFlags(property),
    schema: namedPart(property.schema),
  };
}

function rows(left: Entry[], right: Entry[], rule: Rule, same: Sameness): Row[] {
  const newer = new Map(right.map((entry) => [entry.name, entry]));
  const older = new Set(left.map(({ name }) => name));
  const kept = left.map((one) => row(one, newer.get(one.name), rule, same));
  const added = right.filter(({ name }) => !older.has(name));
  return [
    ...kept,
    ...added.map(
      ({ name, cell }): Row => ({ name, left: undefined, right: cell, mark: 'added', isBreaking: rule.added(cell) }),
    ),
  ];
}

function row(one: Entry, other: Entry | undefined, rule: Rule, same: Sameness): Row {
  const { name, cell } = one;
  if (!other) return { name, left: cell, right: undefined, mark: 'removed', isBreaking: rule.removed };
  const both = { name, left: cell, right: other.cell };
  const isTypeChanged = cell.text !== other.cell.text;
  const isNewlyRequired = rule === SENT && other.cell.flags.includes('required') && !cell.flags.includes('required');
  const isNewlyNull = rule === ANSWERED && other.cell.flags.includes('nullable') && !cell.flags.includes('nullable');
  if (isTypeChanged || cell.flags.join() !== other.cell.flags.join()) {
    return { ...both, mark: 'changed', isBreaking: isTypeChanged || isNewlyRequired || isNewlyNull };
  }
  return { ...both, mark: same.of(one.schema, other.schema) ? 'same' : 'inside', isBreaking: false };
}

function statusRows(left: Operation, right: Operation): Row[] {
  const entries = (operation: Operation) => new Map(operation.answers.map((answer) => [answer.status, answer]));
  const [older, newer] = [entries(left), entries(right)];
  const statuses = [...new Set([...older.keys(), ...newer.keys()])].sort();
  const cell = (operation: ReturnType<typeof entries>, status: string): Cell | undefined => {
    const answer = operation.get(status);
    return answer && { text: answer.schema ? typeText(answer.schema) : '–', flags: [], schema: undefined };
  };
  return statuses
    .map((name): Row => {
      const [one, other] = [cell(older, name), cell(newer, name)];
      const mark = !one ? 'added' : !other ? 'removed' : one.text === other.text ? 'same' : 'changed';
      return { name, left: one, right: other, mark, isBreaking: mark !== 'same' && mark !== 'added' && name.startsWith('2') };
    })
    .filter(({ name }) => !name.startsWith('2'));
}

/** Whether two schemas say the same, objects within objects included; each pair of objects is looked at once. */
class Sameness {
  readonly #known = new Map<string, boolean>();

  constructor(
    private readonly left: Schemas,
    private readonly right: Schemas,
  ) {}

  of(one: Schema, other: Schema): boolean {
    const [name, newer] = [refName(one), refName(other)];
    if (name !== undefined || newer !== undefined) {
      return name !== undefined && newer !== undefined && this.#named(name, newer);
    }
    if (typeText(one) !== typeText(other)) return false;
    if (one.items && other.items) return this.of(one.items, other.items);
    if (typeof one.additionalProperties === 'object' && typeof other.additionalProperties === 'object') {
      return this.of(one.additionalProperties, other.additionalProperties);
    }
    return true;
  }

  #named(name: string, newer: string): boolean {
    const key = `${name} ${newer}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // An object that holds itself is the same as long as nothing else in it differs.
    this.#known.set(key, true);
    const [one, other] = [parts(this.left[name], this.left, 'all'), parts(this.right[newer], this.right, 'all')];
    const newerParts = new Map(other.map((entry) => [entry.name, entry]));
    const isSame =
      name === newer &&
      one.length === other.length &&
      one.every((entry) => {
        const match = newerParts.get(entry.name);
        return (
          match !== undefined &&
          entry.cell.text === match.cell.text &&
          entry.cell.flags.join() === match.cell.flags.join() &&
          this.of(entry.schema, match.schema)
        );
      });
    this.#known.set(key, isSame);
    return isSame;
  }
}
