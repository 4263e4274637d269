import { useMemo, useState } from 'preact/hooks';
import type { Api, Operation } from '../document/api';
import { example } from '../document/example';
import { isJson, mistakes, type Call } from '../request/call';
import { AnswerDocs } from './answers';
import { Method, StatusBadges } from './badge';
import { BodyField } from './body';
import { Console } from './console';
import { ParameterField } from './parameter';
import { Text } from './text';

/** One operation: what it does, what it takes, and the call that is being made of it. */
export function OperationPage({ api, operation }: { api: Api; operation: Operation }) {
  const [values, setValues] = useState<Record<string, string>>(() => firstValues(operation));
  const [body, setBody] = useState(() => firstBody(api, operation));
  const call: Call = useMemo(
    () => ({ operation, version: api.edition.version, origin: location.origin, values, body }),
    [operation, api, values, body],
  );
  const [run, setRun] = useState(0);
  const wrong = mistakes(call);
  const setValue = (name: string, value: string) => setValues((values) => ({ ...values, [name]: value }));
  const runNow = () => setRun((count) => count + 1);
  const places = [
    { place: 'path', title: 'In the path' },
    { place: 'query', title: 'In the query string' },
  ];

  return (
    <article class="page">
      <p class="eyebrow">{operation.tag}</p>
      <h1>{operation.summary || operation.id}</h1>
      <p class="signature">
        <Method method={operation.method} />
        <code>
          <Path version={api.edition.version} path={operation.path} />
        </code>
      </p>
      <p class="signature">
        <code class="id">{operation.id}</code>
        <StatusBadges operation={operation} />
      </p>
      <div class="two">
        <div
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) runNow();
          }}
        >
          <Text text={operation.description} />
          {!operation.implemented && (
            <p class="notice absent">This server has no code for this operation yet: a call answers 501.</p>
          )}
          {places.map(({ place, title }) => {
            const parameters = operation.parameters.filter((parameter) => parameter.in === place);
            return (
              parameters.length > 0 && (
                <section key={place}>
                  <h2>{title}</h2>
                  {parameters.map((parameter) => (
                    <ParameterField
                      key={parameter.name}
                      parameter={parameter}
                      value={values[parameter.name] ?? ''}
                      mistake={run > 0 ? wrong[parameter.name] : undefined}
                      onInput={(value) => setValue(parameter.name, value)}
                    />
                  ))}
                </section>
              )
            );
          })}
          {operation.body && (
            <BodyField
              api={api}
              body={operation.body}
              text={body}
              mistake={run > 0 ? wrong['body'] : undefined}
              onChange={setBody}
              onRun={runNow}
            />
          )}
          <AnswerDocs api={api} operation={operation} />
        </div>
        <Console api={api} call={call} mistakes={wrong} run={run} onRun={runNow} />
      </div>
    </article>
  );
}

/** The path with its parameters marked. */
function Path({ version, path }: { version: string; path: string }) {
  return (
    <>
      <span class="base">/api/{version}</span>
      {path.split(/(\{[^}]*\})/).map((part, at) => (at % 2 === 1 ? <var key={at}>{part}</var> : part))}
    </>
  );
}

/** What most calls have: rows as JSON where a format is asked for. */
function firstValues({ parameters }: Operation): Record<string, string> {
  return parameters.some(({ name }) => name === 'result_format') ? { result_format: 'json' } : {};
}

/** A body begins with what must be there. */
function firstBody(api: Api, operation: Operation): string {
  const { body } = operation;
  if (!body?.required || !isJson(body.contentType)) return '';
  return JSON.stringify(example(body.schema, api.schemas, 'required'), null, 2);
}

