import type { Api } from '../document/api';
import { link } from '../route';
import { chosenEdition } from './sidebar';
import { Inline, Text } from './text';

/** What is shown before anything is chosen. */
export function StartPage({ api }: { api: Api }) {
  const built = api.operations.filter(({ implemented }) => implemented).length;
  return (
    <article class="page">
      <p class="eyebrow">
        Version {api.edition.version} · release {api.release}
      </p>
      <h1>{api.title}</h1>
      <Text text={api.description} />
      <p>
        {api.operations.length} operations and {Object.keys(api.schemas).length} objects.{' '}
        {built < api.operations.length && `This server has code for ${built} of the operations; the others answer 501. `}
        Press <kbd>/</kbd> to search.
      </p>
      <ul class="tags">
        {api.tags.map(({ name, description, operations }) => (
          <li key={name} class="card">
            <h2>
              {name} <span class="count">{operations.length}</span>
            </h2>
            <p>
              <Inline text={description} />
            </p>
            <p class="few">
              {operations.slice(0, 5).map(({ id }) => (
                <a key={id} href={link({ page: 'operation', edition: chosenEdition(api), id })}>
                  {id}
                </a>
              ))}
            </p>
          </li>
        ))}
      </ul>
    </article>
  );
}
