import { useEffect, useMemo, useState } from 'preact/hooks';
import { LIMIT, type Received } from '../request/send';
import { tableOfJson, tableOfText, type Table } from '../request/table';
import { reason, sizeText, timeText } from '../request/words';
import { Code } from './code';
import { Tabs } from './tabs';

/** Most characters of a text that are shown; the rest is in the file. */
const SHOWN = 1_000_000;

type View = 'table' | 'pretty' | 'raw' | 'picture' | 'headers';

const LABELS: Record<View, string> = {
  table: 'Table',
  pretty: 'JSON',
  raw: 'Text',
  picture: 'Picture',
  headers: 'Headers',
};

interface Content {
  text: string;
  json: unknown;
  table: Table | undefined;
}

/** What came back: the status, the headers and the body in the forms that it has. */
export function ReceivedView({ received, isJson }: { received: Received; isJson: boolean }) {
  const isPicture = received.contentType.startsWith('image/');
  const content = useContent(received, isJson, isPicture);
  const views = content ? viewsOf(received, content, isJson, isPicture) : [];
  const [wanted, setWanted] = useState<View>();
  const chosen = wanted && views.includes(wanted) ? wanted : (views[0] ?? 'headers');
  const { status, statusText, milliseconds, body } = received;
  return (
    <>
      <div class="line result">
        <span class={`status s${String(status).charAt(0)}`}>
          {status} {statusText || reason(status)}
        </span>
        <span class="quiet">{timeText(milliseconds)}</span>
        <span class="quiet">{sizeText(body.size)}</span>
        {body.size > 0 && <Download received={received} />}
      </div>
      {received.isCut && <p class="failure">The answer is longer than {sizeText(LIMIT)}; the rest was not read.</p>}
      {content && (
        <Tabs
          label="Answer"
          tabs={views.map((id) => ({ id, label: LABELS[id] }))}
          chosen={chosen}
          onChoose={setWanted}
        >
          <Shown view={chosen} content={content} received={received} />
        </Tabs>
      )}
    </>
  );
}

function viewsOf(received: Received, content: Content, isJson: boolean, isPicture: boolean): View[] {
  if (received.body.size === 0) return ['headers'];
  if (isPicture) return ['picture', 'headers'];
  return [
    ...(content.table ? (['table'] as const) : []),
    ...(isJson && content.json !== undefined ? (['pretty'] as const) : []),
    'raw',
    'headers',
  ];
}

function useContent(received: Received, isJson: boolean, isPicture: boolean): Content | undefined {
  const [content, setContent] = useState<Content>();
  useEffect(() => {
    let isCurrent = true;
    const isText = !isPicture && !/octet-stream|spreadsheet|zip|pdf/.test(received.contentType);
    void (isText ? received.body.text() : Promise.resolve('')).then((text) => {
      if (isCurrent) setContent(read(text, received.contentType, isJson));
    });
    return () => {
      isCurrent = false;
    };
  }, [received]);
  return content;
}

function read(text: string, contentType: string, isJson: boolean): Content {
  if (isJson) {
    const json = parse(text);
    return { text, json, table: tableOfJson(json) };
  }
  if (contentType.startsWith('text/csv')) return { text, json: undefined, table: tableOfText(text, ',') };
  return { text, json: undefined, table: undefined };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function Shown({ view, content, received }: { view: View; content: Content; received: Received }) {
  const pretty = useMemo(() => (view === 'pretty' ? JSON.stringify(content.json, null, 2) : ''), [view, content]);
  switch (view) {
    case 'table':
      return content.table ? <TableView table={content.table} /> : null;
    case 'pretty':
      return <Long text={pretty} syntax="json" />;
    case 'raw':
      return <Long text={content.text} syntax="text" />;
    case 'picture':
      return <Picture received={received} />;
    case 'headers':
      return (
        <dl class="headers">
          {received.headers.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      );
  }
}

function Long({ text, syntax }: { text: string; syntax: 'json' | 'text' }) {
  const shown = text.slice(0, SHOWN);
  return (
    <>
      <Code text={shown} syntax={syntax} label="Body of the answer" />
      {text.length > SHOWN && <p class="quiet">The first {sizeText(SHOWN)} of the text; save it to see the rest.</p>}
    </>
  );
}

function TableView({ table }: { table: Table }) {
  const { columns, rows, total } = table;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Rows of the answer">
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map((column, index) => (
                <td key={column}>{row[index]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">
        {rows.length < total ? `The first ${rows.length} of ${total} rows` : `${total} ${total === 1 ? 'row' : 'rows'}`}
      </p>
    </div>
  );
}

/** An address for the bytes, which ends with the component. */
function useAddress(received: Received): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const url = URL.createObjectURL(received.body);
    setAddress(url);
    return () => URL.revokeObjectURL(url);
  }, [received]);
  return address;
}

function Picture({ received }: { received: Received }) {
  const address = useAddress(received);
  return address === undefined ? null : <img src={address} alt="The answer" />;
}

const ENDINGS: [RegExp, string][] = [
  [/json/, 'json'],
  [/csv/, 'csv'],
  [/html/, 'html'],
  [/markdown/, 'md'],
  [/sql/, 'sql'],
  [/png/, 'png'],
  [/jpe?g/, 'jpg'],
  [/svg/, 'svg'],
  [/pdf/, 'pdf'],
  [/spreadsheet/, 'xlsx'],
];

function Download({ received }: { received: Received }) {
  const address = useAddress(received);
  const ending = ENDINGS.find(([type]) => type.test(received.contentType))?.[1] ?? 'txt';
  if (address === undefined) return null;
  return (
    <a class="save" href={address} download={`answer.${ending}`}>
      Save
    </a>
  );
}
