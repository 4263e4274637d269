import { callPath, payload, type Call } from './call';
import { authorization } from './session';

/** What came back. */
export interface Received {
  status: number;
  statusText: string;
  headers: [string, string][];
  contentType: string;
  body: Blob;
  /** The body did not fit and was cut off at its limit. */
  isCut: boolean;
  milliseconds: number;
}

/** Most bytes of an answer that the page takes. */
export const LIMIT = 32 * 1024 * 1024;

/** Makes a call. Fails when there is no answer, or when it was called off. */
export async function send(call: Call, signal: AbortSignal): Promise<Received> {
  const body = payload(call);
  const started = performance.now();
  const answer = await fetch(callPath(call), {
    method: call.operation.method,
    headers: {
      ...(call.operation.needsToken ? authorization() : {}),
      ...(body ? { 'Content-Type': body.contentType } : {}),
    },
    body: body?.text ?? null,
    signal,
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'manual',
  });
  const contentType = answer.headers.get('content-type') ?? '';
  const { chunks, isCut } = await read(answer);
  return {
    status: answer.status,
    statusText: answer.statusText,
    headers: [...answer.headers].sort(([one], [other]) => (one < other ? -1 : 1)),
    contentType,
    body: new Blob(chunks, { type: contentType }),
    isCut,
    milliseconds: performance.now() - started,
  };
}

async function read(answer: Response): Promise<{ chunks: BlobPart[]; isCut: boolean }> {
  const chunks: BlobPart[] = [];
  const reader = answer.body?.getReader();
  for (let size = 0; reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > LIMIT) {
      await reader.cancel();
      return { chunks, isCut: true };
    }
    chunks.push(value as Uint8Array<ArrayBuffer>);
  }
  return { chunks, isCut: false };
}
