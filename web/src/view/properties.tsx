import { useState } from 'preact/hooks';
import type { Api } from '../document/api';
import type { Schema } from '../document/openapi';
import { namedPart, properties, refName, typeText, writable, type Property } from '../document/schema';
import { propertyFlags } from '../compare/rows';
import { link } from '../route';
import { chosenEdition } from './sidebar';
import { Inline } from './text';

/** A type, its objects linked. */
export function Type({ schema, api }: { schema: Schema; api: Api }) {
  const name = namedPart(schema);
  const text = typeText(schema);
  if (name === undefined) return <span class="type">{text}</span>;
  const [before, after] = text.split(name);
  return (
    <span class="type">
      {before}
      <a href={link({ page: 'schema', edition: chosenEdition(api), name })}>{name}</a>
      {after}
    </span>
  );
}

/** Flags such as `nullable`. */
export function Flags({ flags }: { flags: string[] }) {
  return (
    <>
      {flags.map((flag) => (
        <span key={flag} class={`flag ${flag}`}>
          {flag}
        </span>
      ))}
    </>
  );
}

/** The properties of an object, each with those of the objects inside on demand. */
export function Properties({ schema, api, which }: { schema: Schema; api: Api; which: 'all' | 'writable' }) {
  const name = namedPart(schema);
  const object = name === undefined ? schema : (api.schemas[name] ?? {});
  const list = which === 'writable' ? writable(object, api.schemas) : properties(object, api.schemas);
  if (list.length === 0) return null;
  return (
    <ul class="properties">
      {list.map((property) => (
        <PropertyRow key={property.name} property={property} api={api} which={which} />
      ))}
    </ul>
  );
}

function PropertyRow({ property, api, which }: { property: Property; api: Api; which: 'all' | 'writable' }) {
  const { name, schema } = property;
  const [isOpen, setOpen] = useState(false);
  const inner = namedPart(schema);
  const own = refName(schema) === undefined ? schema : (api.schemas[refName(schema) ?? ''] ?? {});
  const words = (schema.enum ?? own.enum)?.map((word) => JSON.stringify(word));
  return (
    <li>
      <div class="line">
        <code class="name">{name}</code> <Type schema={schema} api={api} /> <Flags flags={propertyFlags(property)} />
      </div>
      {schema.description && (
        <p>
          <Inline text={schema.description} />
        </p>
      )}
      {words && (
        <p class="words">
          {words.map((word) => (
            <code key={word}>{word}</code>
          ))}
        </p>
      )}
      {inner !== undefined && (
        <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>Properties of {inner}</summary>
          {isOpen && <Properties schema={schema} api={api} which={which} />}
        </details>
      )}
    </li>
  );
}
