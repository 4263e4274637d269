import type { Operation } from '../document/api';

/** The method of an operation. */
export function Method({ method }: { method: string }) {
  return <span class={`method ${method.toLowerCase()}`}>{method}</span>;
}

/** How far an operation is promised, and whether this server has it. */
export function StatusBadges({ operation, quiet = false }: { operation: Operation; quiet?: boolean }) {
  const { status, implemented } = operation;
  return (
    <>
      {(status !== 'stable' || !quiet) && <span class={`badge ${status}`}>{status}</span>}
      {!implemented && (
        <span class="badge absent" title="This server has no code for it yet and answers 501">
          not built
        </span>
      )}
    </>
  );
}
