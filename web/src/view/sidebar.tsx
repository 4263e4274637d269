import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Api, Operation } from '../document/api';
import { search } from '../document/search';
import { go, link, route } from '../route';
import { Method, StatusBadges } from './badge';

/** Which operations the list has. */
type Filter = 'all' | 'built' | 'absent' | 'beta' | 'alpha' | 'deprecated';

const FILTERS: Record<Filter, { label: string; has: (operation: Operation) => boolean }> = {
  all: { label: 'All', has: () => true },
  built: { label: 'Built', has: ({ implemented }) => implemented },
  absent: { label: 'Not built yet', has: ({ implemented }) => !implemented },
  beta: { label: 'Beta', has: ({ status }) => status === 'beta' },
  alpha: { label: 'Alpha', has: ({ status }) => status === 'alpha' },
  deprecated: { label: 'Deprecated', has: ({ status }) => status === 'deprecated' },
};

/** The list of operations, by tag, or by how well they fit a search. */
export function Sidebar({ api }: { api: Api }) {
  const [text, setText] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLElement>(null);
  useSlash(field);
  const find = (text: string) => search(api.operations.filter(FILTERS[filter].has), text);
  const shown = useMemo(() => find(text), [api, filter, text]);
  const openFirst = (text: string) => {
    const [first] = find(text);
    if (first) go({ page: 'operation', edition: chosenEdition(api), id: first.id });
  };
  const isSearch = text.trim() !== '';

  return (
    <aside class="side" onKeyDown={(event) => walk(event, list.current, field.current)}>
      <div class="finder">
        <input
          ref={field}
          type="search"
          placeholder={`Search ${api.operations.length} operations`}
          aria-label="Search operations"
          aria-keyshortcuts="/"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={({ key, currentTarget }) => key === 'Enter' && openFirst(currentTarget.value)}
        />
        <select
          aria-label="Show"
          value={filter}
          onChange={({ currentTarget }) => setFilter(currentTarget.value as Filter)}
        >
          {(Object.keys(FILTERS) as Filter[]).map((id) => (
            <option key={id} value={id}>
              {FILTERS[id].label}
            </option>
          ))}
        </select>
        <p class="hidden" role="status">
          {shown.length} operations
        </p>
      </div>
      <nav aria-label="Operations" ref={list}>
        {shown.length === 0 && <p class="quiet">No operation fits.</p>}
        {isSearch ? <Items api={api} operations={shown.slice(0, 100)} /> : <Tags api={api} shown={shown} isFiltered={filter !== 'all'} />}
      </nav>
    </aside>
  );
}

function Tags({ api, shown, isFiltered }: { api: Api; shown: Operation[]; isFiltered: boolean }) {
  const current = useCurrent();
  const tag = current === undefined ? undefined : api.byId.get(current)?.tag;
  const list = useMemo(() => new Set(shown), [shown]);
  return (
    <>
      {api.tags.map(({ name, operations }) => {
        const own = operations.filter((operation) => list.has(operation));
        return own.length > 0 && <Tag key={name} name={name} isOpen={name === tag || isFiltered} api={api} operations={own} />;
      })}
    </>
  );
}

/** A tag; what it holds is made when it is first opened. */
function Tag({ name, isOpen, api, operations }: { name: string; isOpen: boolean; api: Api; operations: Operation[] }) {
  const [wasOpened, setOpened] = useState(isOpen);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => currentTarget.open && setOpened(true)}>
      <summary>
        {name} <span class="count">{operations.length}</span>
      </summary>
      {(wasOpened || isOpen) && <Items api={api} operations={operations} />}
    </details>
  );
}

function Items({ api, operations }: { api: Api; operations: Operation[] }) {
  const current = useCurrent();
  const here = useRef<HTMLAnchorElement>(null);
  useEffect(() => here.current?.scrollIntoView({ block: 'nearest' }), [current]);
  return (
    <ul>
      {operations.map((operation) => (
        <li key={operation.id}>
          <a
            ref={operation.id === current ? here : null}
            href={link({ page: 'operation', edition: chosenEdition(api), id: operation.id })}
            aria-current={operation.id === current ? 'page' : undefined}
            class={operation.implemented ? undefined : 'absent'}
            title={operation.summary}
          >
            <Method method={operation.method} />
            <span class="name">{operation.id}</span>
            <StatusBadges operation={operation} quiet />
          </a>
        </li>
      ))}
    </ul>
  );
}

function useCurrent(): string | undefined {
  return route.value.page === 'operation' ? route.value.id : undefined;
}

/** The edition of the address: links stay as short as it is. */
export function chosenEdition(api: Api) {
  const { value } = route;
  return value.page === 'compare' ? api.edition : value.edition;
}

/** `/` leads to the search from everywhere. */
function useSlash(field: { current: HTMLInputElement | null }) {
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const at = event.composedPath()[0];
      const isTyping = at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, [field]);
}

/** The arrows go through the list, from the search and back to it. */
function walk(event: KeyboardEvent, list: HTMLElement | null, field: HTMLInputElement | null) {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || event.target instanceof HTMLSelectElement) return;
  const isInField = event.target === field;
  const stops = [...(list?.querySelectorAll<HTMLElement>('a, summary') ?? [])].filter((stop) => stop.checkVisibility());
  const at = stops.indexOf(event.target as HTMLElement);
  const next = isInField ? (step === 1 ? stops[0] : undefined) : at + step < 0 ? field : stops[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
