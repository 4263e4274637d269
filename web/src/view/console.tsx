import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../document/api';
import { isJson, type Call, type Mistakes } from '../request/call';
import { send, type Received } from '../request/send';
import { session } from '../request/session';
import { LANGUAGES, type LanguageId } from '../snippets';
import { Code } from './code';
import { ReceivedView } from './received';
import { isSigningIn } from './sign_in';
import { Tabs } from './tabs';

/** The language of snippets; it stays when another operation is opened. */
const language = signal<LanguageId>('curl');

type Outcome =
  | { state: 'none' }
  | { state: 'waiting'; since: AbortController }
  | { state: 'received'; received: Received }
  | { state: 'failed'; reason: string };

interface Props {
  api: Api;
  call: Call;
  mistakes: Mistakes;
  /** Counts up each time that the call shall be made. */
  run: number;
  onRun: () => void;
}

/** The call as code, the button that makes it, and what came back. */
export function Console({ api, call, mistakes, run, onRun }: Props) {
  const [outcome, setOutcome] = useState<Outcome>({ state: 'none' });
  const [isSure, setSure] = useState(false);
  const running = useRef<AbortController | null>(null);
  const needsSignIn = call.operation.needsToken && session.value === undefined;
  const wrong = Object.keys(mistakes).length;

  useEffect(() => () => running.current?.abort(), []);
  useEffect(() => {
    if (run === 0) return;
    if (needsSignIn) isSigningIn.value = true;
    else if (call.operation.method === 'DELETE' && !isSure) setSure(true);
    else if (wrong === 0) void make();
    // A call is made when it is asked for, not when its parts change.
  }, [run]);

  const make = async () => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    setSure(false);
    setOutcome({ state: 'waiting', since: stop });
    try {
      const received = await send(call, stop.signal);
      if (running.current === stop) setOutcome({ state: 'received', received });
    } catch (error) {
      if (running.current !== stop) return;
      const reason = error instanceof Error ? error.message : String(error);
      setOutcome(stop.signal.aborted ? { state: 'none' } : { state: 'failed', reason });
    }
  };

  const chosen = LANGUAGES.find(({ id }) => id === language.value) ?? LANGUAGES[0];
  return (
    <div class="aside">
      <section class="card" aria-label="Request">
        <Tabs label="Language" tabs={LANGUAGES} chosen={chosen.id} onChoose={(id) => (language.value = id)}>
          <Code text={chosen.write(call, api.schemas)} syntax={chosen.syntax} label={`The call in ${chosen.label}`} />
        </Tabs>
        <div class="actions">
          {run > 0 && wrong > 0 && !needsSignIn && (
            <p class="failure" role="alert">
              {wrong === 1 ? 'One value is missing or wrong.' : `${wrong} values are missing or wrong.`}
            </p>
          )}
          {isSure && (
            <p class="failure" role="alert">
              This deletes something on the server. Press again to go on.
            </p>
          )}
          {outcome.state === 'waiting' && (
            <button type="button" onClick={() => outcome.since.abort()}>
              Cancel
            </button>
          )}
          <button type="button" class="primary" aria-keyshortcuts="Control+Enter" title="Control+Enter" onClick={onRun}>
            {needsSignIn ? 'Sign in to run' : isSure ? 'Delete' : 'Run'}
          </button>
        </div>
      </section>
      <section class="card answer" aria-label="Answer" aria-live="polite">
        {outcome.state === 'none' && <p class="quiet">The answer will be here.</p>}
        {outcome.state === 'waiting' && <p class="quiet waiting">Waiting for the answer …</p>}
        {outcome.state === 'failed' && <p class="failure">There was no answer: {outcome.reason}.</p>}
        {outcome.state === 'received' && (
          <ReceivedView received={outcome.received} key={outcome.received} isJson={isJson(outcome.received.contentType)} />
        )}
      </section>
    </div>
  );
}
