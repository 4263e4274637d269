import { bodyValue, callUrl, payload, isForm, type Call } from '../request/call';
import { escaped, hex, literal, type Language } from './literal';

export const RUST: Language = {
  text: (value) => escaped(value, '"', (code) => `\\u{${hex(code, 1)}}`),
  number: String,
  truth: String,
  nothing: 'null',
  entry: (name) => `${RUST.text(name)}: `,
};

/** A call with `reqwest`; its features `json` and `form` are on. */
export function rust(call: Call): string {
  const { method, needsToken } = call.operation;
  const steps = [
    `.${method.toLowerCase()}(${RUST.text(callUrl(call))})`,
    ...(needsToken ? ['.bearer_auth(std::env::var("LOOKER_TOKEN")?)'] : []),
    ...bodySteps(call),
    '.send()',
    '.await?',
    '.error_for_status()?',
    '.text()',
    '.await?;',
  ];
  return [
    '#[tokio::main]',
    'async fn main() -> Result<(), Box<dyn std::error::Error>> {',
    '    let answer = reqwest::Client::new()',
    ...steps.map((step) => `        ${step}`),
    '    println!("{answer}");',
    '    Ok(())',
    '}',
  ].join('\n');
}

function bodySteps(call: Call): string[] {
  const body = payload(call);
  if (!body) return [];
  const value = bodyValue(call);
  if (typeof value === 'string') {
    return [`.header("Content-Type", ${RUST.text(body.contentType)})`, `.body(${RUST.text(body.text)})`];
  }
  const json = `serde_json::json!(${literal(value, RUST, 2)})`;
  return [isForm(body.contentType) ? `.form(&${json})` : `.json(&${json})`];
}
