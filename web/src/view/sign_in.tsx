import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { arrive, leave, type Brought } from '../request/account';
import { signIn } from '../request/session';
import { edition } from '../state';

/** Whether the dialog is open. */
export const isSigningIn = signal(false);

/** Why the last sign-in came to nothing. */
const problem = signal('');

/** Goes on where the browser has come back from the sign-in page of the server. */
export async function comeBack(brought: Brought): Promise<void> {
  await attempt(() => arrive(version(), brought));
  if (problem.value !== '') isSigningIn.value = true;
}

/** The ways to sign in: with one's account on the page of the server, or with an API key here. */
export function SignIn() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isSigningIn.value;

  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal();
    if (!isOpen && dialog.current?.open) dialog.current.close();
  }, [isOpen]);

  return (
    <dialog ref={dialog} aria-labelledby="sign-in" onClose={close}>
      <h2 id="sign-in">Sign in</h2>
      <p>
        With your account: the server asks for your password on its own page and brings you back to this view. What is typed
        into fields here is gone then.
      </p>
      <button type="button" class="primary wide" onClick={() => void attempt(leave)}>
        Sign in with your account
      </button>
      {problem.value !== '' && (
        <p class="failure" role="alert">
          {problem.value}
        </p>
      )}
      <KeyForm />
    </dialog>
  );
}

/** Asks for an API key and trades it for a token. */
function KeyForm() {
  const [isWaiting, setWaiting] = useState(false);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    setWaiting(true);
    await attempt(() => signIn(version(), text(data, 'client_id'), text(data, 'client_secret')));
    setWaiting(false);
    // The key has done its work: nothing of it stays in the page.
    form.reset();
    if (problem.value === '') close();
  };

  return (
    <form method="dialog" autocomplete="off" onSubmit={(event) => void submit(event)}>
      <p>
        Or with an API key: it is sent to this server once and traded for a token. Either way the token stays in the memory of
        this page; it is gone when you reload or leave.
      </p>
      <label>
        Client ID
        <input name="client_id" required autocomplete="off" spellcheck={false} />
      </label>
      <label>
        Client secret
        <input name="client_secret" type="password" required autocomplete="off" />
      </label>
      <div class="actions">
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" disabled={isWaiting}>
          Sign in
        </button>
      </div>
    </form>
  );
}

function close(): void {
  isSigningIn.value = false;
  problem.value = '';
}

/** Tries to sign in; tells why it came to nothing. */
async function attempt(way: () => Promise<void>): Promise<void> {
  problem.value = '';
  try {
    await way();
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
}

function version(): string {
  return edition.value?.version ?? '4.0';
}

function text(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
