import { callUrl, payload, type Call } from '../request/call';

/** A call for the shell. The token comes from the environment. */
export function curl(call: Call): string {
  const { method } = call.operation;
  const body = payload(call);
  const lines = [`curl ${method === 'GET' ? '' : `--request ${method} `}${quoted(callUrl(call))}`];
  if (call.operation.needsToken) lines.push('--header "Authorization: Bearer $LOOKER_TOKEN"');
  if (body) {
    lines.push(`--header ${quoted(`Content-Type: ${body.contentType}`)}`);
    lines.push(`--data ${quoted(body.text)}`);
  }
  return lines.join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
