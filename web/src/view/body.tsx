import { useEffect, useRef } from 'preact/hooks';
import type { Editor } from '../code/editor';
import type { Api, Body } from '../document/api';
import { example } from '../document/example';
import { isForm, isJson } from '../request/call';
import { Flags, Properties, Type } from './properties';

interface Props {
  api: Api;
  body: Body;
  text: string;
  mistake: string | undefined;
  onChange: (text: string) => void;
  onRun: () => void;
}

/** The body of a call: an editor, examples to begin with, and what its object has. */
export function BodyField({ api, body, text, mistake, onChange, onRun }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  // The editor lives as long as the page; it calls what is current then.
  const latest = useRef({ onChange, onRun });
  latest.current = { onChange, onRun };

  useEffect(() => {
    let isGone = false;
    void import('../code/editor').then(({ createEditor }) => {
      if (isGone || !host.current) return;
      editor.current = createEditor(host.current, {
        text,
        isJson: isJson(body.contentType) || isForm(body.contentType),
        schema: body.schema,
        schemas: api.schemas,
        label: `Body, ${body.contentType}`,
        onChange: (text) => latest.current.onChange(text),
        onRun: () => latest.current.onRun(),
      });
    });
    return () => {
      isGone = true;
      editor.current?.destroy();
    };
  }, [api, body]);

  const fill = (parts: 'required' | 'writable') => {
    editor.current?.setText(JSON.stringify(example(body.schema, api.schemas, parts), null, 2));
  };
  return (
    <section>
      <h2>Body</h2>
      <div class="line">
        <Type schema={body.schema} api={api} /> <span class="quiet">{body.contentType}</span>{' '}
        <Flags flags={body.required ? ['required'] : []} />
        {isForm(body.contentType) && <span class="quiet">written as JSON here, sent as a form</span>}
      </div>
      <div class={mistake === undefined ? 'editor' : 'editor wrong'} ref={host} />
      {mistake !== undefined && <p class="failure">{mistake}</p>}
      <div class="fill">
        <button type="button" onClick={() => fill('required')}>
          Required properties
        </button>
        <button type="button" onClick={() => fill('writable')}>
          All properties
        </button>
        <button type="button" onClick={() => editor.current?.setText('')}>
          Clear
        </button>
      </div>
      <details class="inner">
        <summary>What the body may have</summary>
        <Properties schema={body.schema} api={api} which="writable" />
      </details>
    </section>
  );
}
