import { useMemo, useState } from 'preact/hooks';
import type { Api } from '../document/api';
import type { Edition } from '../document/edition';
import { compare, isDifferent, type Change, type Compared } from '../compare/comparison';
import { schemaSections, sections, type Cell, type Row, type Section } from '../compare/rows';
import { go, link, type Route } from '../route';
import { apiOf } from '../state';
import { Waiting } from './app';
import { Method, StatusBadges } from './badge';
import { EditionSelect } from './header';
import { Flags } from './properties';

type CompareRoute = Extract<Route, { page: 'compare' }>;

/** Two editions side by side. */
export function ComparePage({ route }: { route: CompareRoute }) {
  const { from, to } = route;
  const [left, right] = [apiOf(from).value, apiOf(to).value];
  return (
    <article class="page compare">
      <h1>Compare</h1>
      <div class="sides">
        <Side label="Older" edition={from} onChoose={(from) => go({ page: 'compare', from, to })} />
        <button type="button" class="icon" aria-label="Swap the sides" onClick={() => go({ page: 'compare', from: to, to: from })}>
          <span aria-hidden="true">⇄</span>
        </button>
        <Side label="Newer" edition={to} onChoose={(to) => go({ page: 'compare', from, to })} />
      </div>
      {left.state !== 'ready' ? (
        <Waiting on={left} />
      ) : right.state !== 'ready' ? (
        <Waiting on={right} />
      ) : (
        <Both from={left.value} to={right.value} route={route} />
      )}
    </article>
  );
}

function Side({ label, edition, onChoose }: { label: string; edition: Edition; onChoose: (edition: Edition) => void }) {
  return (
    <div role="group" aria-label={label}>
      <span class="eyebrow">{label}</span>
      <EditionSelect label={label} current={edition} onChoose={onChoose} />
    </div>
  );
}

const CHANGES: readonly { change: Change; label: string }[] = [
  { change: 'changed', label: 'changed' },
  { change: 'renamed', label: 'renamed' },
  { change: 'merged', label: 'merged' },
  { change: 'removed', label: 'removed' },
  { change: 'added', label: 'added' },
  { change: 'same', label: 'same' },
];

function Both({ from, to, route }: { from: Api; to: Api; route: CompareRoute }) {
  const all = useMemo(() => compare(from, to), [from, to]);
  const [hidden, setHidden] = useState<ReadonlySet<Change>>(new Set(['same']));
  const [isBreakingOnly, setBreakingOnly] = useState(false);
  const chosen = all.find((each) => pairName(each) === route.operation);
  const shown = all.filter(({ change, breaking }) => !hidden.has(change) && (!isBreakingOnly || breaking > 0));
  const toggle = (change: Change) =>
    setHidden((hidden) => new Set(hidden.has(change) ? [...hidden].filter((one) => one !== change) : [...hidden, change]));
  return (
    <>
      <div class="counts" role="group" aria-label="Show">
        {CHANGES.map(({ change, label }) => (
          <button key={change} type="button" class={`chip ${change}`} aria-pressed={!hidden.has(change)} onClick={() => toggle(change)}>
            <b>{all.filter((each) => each.change === change).length}</b> {label}
          </button>
        ))}
        <button type="button" class="chip breaking" aria-pressed={isBreakingOnly} onClick={() => setBreakingOnly(!isBreakingOnly)}>
          <b>{all.filter(({ breaking }) => breaking > 0).length}</b> breaking only
        </button>
      </div>
      <div class="columns">
        <nav class="side" aria-label="Operations of both">
          {shown.length === 0 && <p class="quiet">Nothing to show.</p>}
          <ul>
            {shown.map((each, at) => (
              <li key={`${each.left?.id ?? ''} ${each.right?.id ?? ''}`}>
                {each.tag !== shown[at - 1]?.tag && <h2>{each.tag}</h2>}
                <Item each={each} route={route} isChosen={each === chosen} />
              </li>
            ))}
          </ul>
        </nav>
        <div class="pair">
          {chosen ? (
            <PairView pair={chosen} from={from} to={to} route={route} />
          ) : route.schema !== undefined ? (
            <SchemaPair name={route.schema} from={from} to={to} route={route} />
          ) : (
            <p class="notice">
              {all.length} operations of {name(from)} and {name(to)}. Choose one to see both forms of it side by side.
            </p>
          )}
        </div>
      </div>
    </>
  );
}

/** A pair is addressed by both of its names where they differ: several may have become one. */
function pairName({ left, right }: Compared): string {
  return left && right && left.id !== right.id ? `${left.id}:${right.id}` : (right ?? left)?.id ?? '';
}

function name({ edition, release }: Api): string {
  return `${edition.version} at release ${release}`;
}

function Item({ each, route, isChosen }: { each: Compared; route: CompareRoute; isChosen: boolean }) {
  const { left, right, change, breaking } = each;
  const { from, to } = route;
  return (
    <a href={link({ page: 'compare', from, to, operation: pairName(each) })} aria-current={isChosen ? 'page' : undefined}>
      <span class={`mark ${change}`} title={change}>
        {SIGNS[change]}
      </span>
      <span class="name">
        {left && right && left.id !== right.id ? `${left.id} → ${right.id}` : (right ?? left)?.id}
      </span>
      {breaking > 0 && <span class="badge breaking">breaking</span>}
    </a>
  );
}

const SIGNS: Record<Change | Row['mark'], string> = {
  same: '=',
  changed: '~',
  inside: '…',
  renamed: '→',
  merged: '→',
  removed: '−',
  added: '+',
};

interface PairProps {
  pair: Compared;
  from: Api;
  to: Api;
  route: CompareRoute;
}

function PairView({ pair, from, to, route }: PairProps) {
  const { left, right, change } = pair;
  const list = useMemo(() => (left && right ? sections(left, right, from, to) : []), [left, right, from, to]);
  return (
    <>
      <div class="heads">
        {[
          { api: from, operation: left },
          { api: to, operation: right },
        ].map(({ api, operation }, at) => (
          <div key={at}>
            <p class="eyebrow">{name(api)}</p>
            {operation ? (
              <>
                <h2>
                  <a href={link({ page: 'operation', edition: api.edition, id: operation.id })}>{operation.id}</a>
                </h2>
                <p class="signature">
                  <Method method={operation.method} /> <code>{operation.path}</code>
                </p>
                <p class="signature">
                  <StatusBadges operation={operation} />
                </p>
              </>
            ) : (
              <p class="quiet">{change === 'added' ? 'Not there yet.' : 'No longer there.'}</p>
            )}
          </div>
        ))}
      </div>
      <Lines list={list} route={route} />
    </>
  );
}

function SchemaPair({ name: schema, from, to, route }: { name: string; from: Api; to: Api; route: CompareRoute }) {
  const list = useMemo(() => schemaSections(schema, schema, from, to), [schema, from, to]);
  return (
    <>
      <div class="heads">
        {[from, to].map((api, at) => (
          <div key={at}>
            <p class="eyebrow">{name(api)}</p>
            <h2>
              <a href={link({ page: 'schema', edition: api.edition, name: schema })}>{schema}</a>
            </h2>
            {!(schema in api.schemas) && <p class="quiet">Not there.</p>}
          </div>
        ))}
      </div>
      <Lines list={list} route={route} />
    </>
  );
}

function Lines({ list, route }: { list: Section[]; route: CompareRoute }) {
  const [isWhole, setWhole] = useState(false);
  const differences = list.flatMap(({ rows }) => rows).filter(isDifferent).length;
  return (
    <>
      <p class="line">
        <span>{differences === 1 ? '1 difference' : `${differences} differences`}</span>
        <label>
          <input type="checkbox" checked={isWhole} onChange={({ currentTarget }) => setWhole(currentTarget.checked)} /> show what
          is the same, too
        </label>
      </p>
      {list.map(({ title, rows }) => {
        const shown = isWhole ? rows : rows.filter(isDifferent);
        return (
          shown.length > 0 && (
            <table key={title} class="lines">
              <caption>{title}</caption>
              <tbody>
                {shown.map((row) => (
                  <Line key={row.name} row={row} route={route} />
                ))}
              </tbody>
            </table>
          )
        );
      })}
    </>
  );
}

function Line({ row, route }: { row: Row; route: CompareRoute }) {
  const { name, left, right, mark, isBreaking } = row;
  return (
    <tr class={mark}>
      <th scope="row">
        <span class={`mark ${mark}`} title={mark}>
          {SIGNS[mark]}
        </span>
        <code>{name}</code> {isBreaking && <span class="badge breaking">breaking</span>}
      </th>
      <CellView cell={left} route={route} isLinked={mark === 'inside'} />
      <CellView cell={right} route={route} isLinked={mark === 'inside'} />
    </tr>
  );
}

function CellView({ cell, route, isLinked }: { cell: Cell | undefined; route: CompareRoute; isLinked: boolean }) {
  if (!cell) return <td class="none">–</td>;
  const { from, to } = route;
  return (
    <td>
      {isLinked && cell.schema !== undefined ? (
        <a class="type" href={link({ page: 'compare', from, to, schema: cell.schema })}>
          {cell.text}
        </a>
      ) : (
        <span class="type">{cell.text}</span>
      )}{' '}
      <Flags flags={cell.flags} />
    </td>
  );
}
