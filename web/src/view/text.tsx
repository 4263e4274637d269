/** A text of the contract: `code` stands between backticks, an empty line begins a paragraph. */
export function Text({ text }: { text: string }) {
  return (
    <>
      {text.split(/\n\s*\n/).map((paragraph, at) => (
        <p key={at}>
          <Inline text={paragraph} />
        </p>
      ))}
    </>
  );
}

/** A text on one line. */
export function Inline({ text }: { text: string }) {
  return <>{text.split('`').map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</>;
}
