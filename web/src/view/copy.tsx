import { useState } from 'preact/hooks';

/** Copies a text. */
export function Copy({ text }: { text: string }) {
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  // Browsers offer the clipboard to safe origins only.
  if (!globalThis.navigator?.clipboard) return null;
  return (
    <button type="button" class="copy" onClick={() => void copy()}>
      {isDone ? 'Copied' : 'Copy'}
    </button>
  );
}
