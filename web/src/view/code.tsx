import { useEffect, useState } from 'preact/hooks';
import type { Piece, Syntax } from '../code/highlight';
import { Copy } from './copy';

/** Beyond this many characters a text is shown in one colour. */
const COLOURED = 200_000;

/** A text in a language, with its syntax in colours. */
export function Code({ text, syntax, label }: { text: string; syntax: Syntax; label: string }) {
  const pieces = usePieces(text, syntax);
  return (
    <div class="code">
      <Copy text={text} />
      <pre tabIndex={0} aria-label={label}>
        <code>{pieces.map((piece, at) => (piece.classes === '' ? piece.text : <span key={at} class={piece.classes}>{piece.text}</span>))}</code>
      </pre>
    </div>
  );
}

/** The colours come with the grammars, which are fetched when code is first shown. */
function usePieces(text: string, syntax: Syntax): Piece[] {
  const [done, setDone] = useState<{ text: string; pieces: Piece[] }>();
  useEffect(() => {
    let isCurrent = true;
    if (text.length <= COLOURED) {
      void import('../code/highlight').then(({ highlight }) => {
        if (isCurrent) setDone({ text, pieces: highlight(text, syntax) });
      });
    }
    return () => {
      isCurrent = false;
    };
  }, [text, syntax]);
  return done?.text === text ? done.pieces : [{ text, classes: '' }];
}
