import { useMemo } from 'preact/hooks';
import type { Api, Operation } from '../document/api';
import { success } from '../document/api';
import { example } from '../document/example';
import { namedPart } from '../document/schema';
import { link } from '../route';
import { Missing } from './app';
import { Method } from './badge';
import { Code } from './code';
import { Properties } from './properties';
import { chosenEdition } from './sidebar';
import { Text } from './text';

/** One object of the API: its properties, an example, and the operations that take it or give it. */
export function SchemaPage({ api, name }: { api: Api; name: string }) {
  const schema = api.schemas[name];
  const json = useMemo(
    () => (schema ? JSON.stringify(example(schema, api.schemas, 'answer'), null, 2) : ''),
    [schema, api],
  );
  if (!schema) return <Missing what="object" name={name} api={api} />;
  const status = schema['x-looker-status'];
  return (
    <article class="page">
      <p class="eyebrow">Object</p>
      <h1>{name}</h1>
      <p class="signature">{status !== undefined && <span class={`badge ${status}`}>{status}</span>}</p>
      <div class="two">
        <div>
          <Text text={schema.description ?? ''} />
          <h2>Properties</h2>
          <Properties schema={schema} api={api} which="all" />
        </div>
        <div class="aside">
          <section class="card">
            <h2>Example</h2>
            <Code text={json} syntax="json" label={`Example of ${name}`} />
          </section>
          <Users api={api} name={name} />
        </div>
      </div>
    </article>
  );
}

function Users({ api, name }: { api: Api; name: string }) {
  const isUser = (operation: Operation) =>
    [operation.body?.schema, success(operation)?.schema].some((schema) => schema && namedPart(schema) === name);
  const users = api.operations.filter(isUser);
  if (users.length === 0) return null;
  return (
    <section class="card">
      <h2>Operations</h2>
      <ul class="plain">
        {users.map((operation) => (
          <li key={operation.id}>
            <a href={link({ page: 'operation', edition: chosenEdition(api), id: operation.id })}>
              <Method method={operation.method} /> {operation.id}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
