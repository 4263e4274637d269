import { editionText, parseEdition, type Edition } from '../document/edition';
import { go, link, route, type Route } from '../route';
import { session, signOut } from '../request/session';
import { apiOf, edition, setTheme, theme, versionOf, versions, type Theme } from '../state';
import { isSigningIn } from './sign_in';

/** The line at the top: which edition, who, and the other pages. */
export function Header() {
  const current = edition.value;
  const isComparing = route.value.page === 'compare';
  return (
    <header class="top">
      <a class="brand" href={link({ page: 'start', edition: current })}>
        Belvedere <span>API Explorer</span>
      </a>
      <nav aria-label="Pages">
        <a href={link({ page: 'start', edition: current })} aria-current={isComparing ? undefined : 'page'}>
          Explore
        </a>
        {current && (
          <a href={link(comparison(current))} aria-current={isComparing ? 'page' : undefined}>
            Compare
          </a>
        )}
        <a href={referenceLink()}>Reference</a>
      </nav>
      <div class="tools">
        {current && !isComparing && <EditionChoice current={current} />}
        <Account />
        <ThemeChoice />
      </div>
    </header>
  );
}

/** What is compared at first: the older version with this one, or the release before this one. */
function comparison(current: Edition): Route {
  const known = versions.value.state === 'ready' ? versions.value.value : [];
  const other = known.find(({ version }) => version !== current.version);
  if (other) {
    const [from, to] = other.version < current.version ? [{ version: other.version }, current] : [current, { version: other.version }];
    return { page: 'compare', from, to };
  }
  const own = versionOf(current);
  const at = own?.releases.indexOf(current.release ?? own.release) ?? -1;
  const older = own?.releases[at + 1];
  return { page: 'compare', from: older === undefined ? current : { version: current.version, release: older }, to: current };
}

/** The static page of what is shown. */
function referenceLink(): string {
  const [shown, current] = [route.value, edition.value];
  if (!current) return '/api-docs';
  const loaded = apiOf(current).value;
  if (loaded.state !== 'ready') return '/api-docs';
  const base = `/api-docs/${current.version}/${loaded.value.release}`;
  if (shown.page === 'operation') return `${base}/operations/${shown.id}`;
  return shown.page === 'schema' ? `${base}/schemas/${shown.name}` : base;
}

function EditionChoice({ current }: { current: Edition }) {
  const shown = route.value;
  return (
    <EditionSelect
      label=""
      current={current}
      onChoose={(edition) => {
        if (shown.page !== 'compare') go({ ...shown, edition });
      }}
    />
  );
}

/** Two lists: the versions, and the releases of the chosen one. */
export function EditionSelect(props: { label: string; current: Edition; onChoose: (edition: Edition) => void }) {
  const { label, current, onChoose } = props;
  const known = versions.value.state === 'ready' ? versions.value.value : [];
  const own = versionOf(current);
  const chosen = current.release ?? own?.release ?? '';
  const releases = own?.releases ?? [];
  const listed = releases.includes(chosen) || chosen === '' ? releases : [chosen, ...releases];
  return (
    <span class="edition">
      <label>
        <span class="hidden">{label} </span>
        <span class="hidden">version</span>
        <select
          value={current.version}
          onChange={({ currentTarget }) => {
            const edition = parseEdition(currentTarget.value);
            if (edition) onChoose(edition);
          }}
        >
          {known.map(({ version, status }) => (
            <option key={version} value={version}>
              {version} {status === 'current' ? '' : status}
            </option>
          ))}
        </select>
      </label>
      {listed.length > 1 && (
        <label>
          <span class="hidden">{label} </span>
          <span class="hidden">release</span>
          <select
            value={chosen}
            onChange={({ currentTarget: { value } }) => {
              const release = value === own?.release ? {} : { release: value };
              onChoose(parseEdition(editionText({ version: current.version, ...release })) ?? current);
            }}
          >
            {listed.map((release) => (
              <option key={release} value={release}>
                {release}
              </option>
            ))}
          </select>
        </label>
      )}
    </span>
  );
}

function Account() {
  const who = session.value;
  const version = edition.value?.version ?? '4.0';
  if (!who) {
    return (
      <button type="button" class="primary" onClick={() => (isSigningIn.value = true)}>
        Sign in
      </button>
    );
  }
  const until = new Date(who.endsAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return (
    <span class="account">
      <span title={`The token is valid until ${until}`}>{who.name}</span>
      <button type="button" onClick={() => void signOut(version)}>
        Sign out
      </button>
    </span>
  );
}

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const SIGN: Record<Theme, string> = { system: '◐', light: '○', dark: '●' };

function ThemeChoice() {
  const now = theme.value;
  return (
    <button type="button" class="icon" aria-label={`Colours: ${now}`} title={`Colours: ${now}`} onClick={() => setTheme(NEXT[now])}>
      <span aria-hidden="true">{SIGN[now]}</span>
    </button>
  );
}
