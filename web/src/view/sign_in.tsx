import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { signIn } from '../request/session';
import { edition } from '../state';

/** Whether the dialog for the API key is open. */
export const isSigningIn = signal(false);

/** Asks for an API key and trades it for a token. */
export function SignIn() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState('');
  const [isWaiting, setWaiting] = useState(false);
  const isOpen = isSigningIn.value;

  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal();
    if (!isOpen && dialog.current?.open) dialog.current.close();
  }, [isOpen]);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    setWaiting(true);
    setProblem('');
    try {
      await signIn(edition.value?.version ?? '4.0', text(data, 'client_id'), text(data, 'client_secret'));
      isSigningIn.value = false;
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setWaiting(false);
      // The key has done its work: nothing of it stays in the page.
      form.reset();
    }
  };

  return (
    <dialog ref={dialog} aria-labelledby="sign-in" onClose={() => (isSigningIn.value = false)}>
      <form method="dialog" autocomplete="off" onSubmit={(event) => void submit(event)}>
        <h2 id="sign-in">Sign in with an API key</h2>
        <p>
          The key is sent to this server once and traded for a token. The token stays in the memory of this page; it is gone
          when you reload or leave.
        </p>
        <label>
          Client ID
          <input name="client_id" required autocomplete="off" spellcheck={false} />
        </label>
        <label>
          Client secret
          <input name="client_secret" type="password" required autocomplete="off" />
        </label>
        {problem !== '' && (
          <p class="failure" role="alert">
            {problem}
          </p>
        )}
        <div class="actions">
          <button type="button" onClick={() => (isSigningIn.value = false)}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isWaiting}>
            Sign in
          </button>
        </div>
      </form>
    </dialog>
  );
}

function text(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
