import { useMemo, useState } from 'preact/hooks';
import type { Answer, Api, Operation } from '../document/api';
import { example } from '../document/example';
import { namedPart } from '../document/schema';
import { Code } from './code';
import { Properties, Type } from './properties';
import { Inline } from './text';

/** The answers that an operation may give. */
export function AnswerDocs({ api, operation }: { api: Api; operation: Operation }) {
  return (
    <section>
      <h2>Answers</h2>
      <ul class="answers">
        {operation.answers.map((answer) => (
          <AnswerRow key={answer.status} api={api} answer={answer} />
        ))}
      </ul>
    </section>
  );
}

function AnswerRow({ api, answer }: { api: Api; answer: Answer }) {
  const { status, description, schema } = answer;
  const hasParts = schema !== undefined && namedPart(schema) !== undefined;
  return (
    <li>
      <div class="line">
        <span class={`status s${status.charAt(0)}`}>{status}</span> <Inline text={description} />{' '}
        {schema && <Type schema={schema} api={api} />}
      </div>
      {hasParts && status.startsWith('2') && <Details api={api} answer={answer} />}
    </li>
  );
}

function Details({ api, answer }: { api: Api; answer: Answer }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="inner" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Properties and example</summary>
      {isOpen && answer.schema && (
        <>
          <Example api={api} schema={answer.schema} />
          <Properties schema={answer.schema} api={api} which="all" />
        </>
      )}
    </details>
  );
}

function Example({ api, schema }: { api: Api; schema: NonNullable<Answer['schema']> }) {
  const text = useMemo(() => JSON.stringify(example(schema, api.schemas, 'answer'), null, 2), [schema, api]);
  return <Code text={text} syntax="json" label="Example of the answer" />;
}
