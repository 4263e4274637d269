import type { Api } from '../document/api';
import type { Edition } from '../document/edition';
import { route, type Route } from '../route';
import { apiOf, edition, versions, type Loaded } from '../state';
import { ComparePage } from './compare';
import { Header } from './header';
import { OperationPage } from './operation';
import { SchemaPage } from './schema_page';
import { Sidebar } from './sidebar';
import { SignIn } from './sign_in';
import { StartPage } from './start';

/** The whole page. */
export function App() {
  const current = edition.value;
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        Skip to the content
      </a>
      <Header />
      {current ? <Pages current={current} shown={route.value} /> : <Waiting on={versions.value} />}
      <SignIn />
    </>
  );
}

function skip(event: Event) {
  // The fragment of the address is taken: it says what the page shows.
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function Pages({ current, shown }: { current: Edition; shown: Route }) {
  if (shown.page === 'compare') {
    return (
      <main id="content" class="wide" tabIndex={-1}>
        <ComparePage route={shown} />
      </main>
    );
  }
  const loaded = apiOf(current).value;
  if (loaded.state !== 'ready') return <Waiting on={loaded} />;
  return (
    <div class="columns">
      <Sidebar api={loaded.value} />
      <main id="content" tabIndex={-1}>
        <Page api={loaded.value} shown={shown} />
      </main>
    </div>
  );
}

function Page({ api, shown }: { api: Api; shown: Exclude<Route, { page: 'compare' }> }) {
  if (shown.page === 'start') return <StartPage api={api} />;
  if (shown.page === 'schema') return <SchemaPage api={api} name={shown.name} key={shown.name} />;
  const operation = api.byId.get(shown.id);
  if (!operation) return <Missing what="operation" name={shown.id} api={api} />;
  return <OperationPage api={api} operation={operation} key={`${api.edition.version} ${operation.id}`} />;
}

/** What is not in the edition at hand. */
export function Missing({ what, name, api }: { what: string; name: string; api: Api }) {
  return (
    <section class="notice">
      <h1>
        There is no {what} <code>{name}</code>
      </h1>
      <p>
        Version {api.edition.version} at release {api.release} does not have it. Another version or release may: choose it
        at the top of the page.
      </p>
    </section>
  );
}

/** Shown while something is read, and when it cannot be. */
export function Waiting({ on }: { on: Loaded<unknown> }) {
  if (on.state === 'failed') {
    return (
      <p class="notice failure" role="alert">
        The server did not give what this page needs: {on.reason}.
      </p>
    );
  }
  return (
    <p class="notice waiting" role="status">
      Reading the document of the API …
    </p>
  );
}
