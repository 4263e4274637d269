import { useId } from 'preact/hooks';
import { typeText } from '../document/schema';
import type { ParameterObject } from '../document/openapi';
import { Flags } from './properties';
import { Inline } from './text';

interface Props {
  parameter: ParameterObject;
  value: string;
  mistake: string | undefined;
  onInput: (value: string) => void;
}

/** A parameter: what it means, and the field for its value. */
export function ParameterField({ parameter, value, mistake, onInput }: Props) {
  const id = useId();
  const { name, schema, description } = parameter;
  const flags = [...(parameter.required ? ['required'] : []), ...(parameter.deprecated ? ['deprecated'] : [])];
  return (
    <div class="parameter">
      <div class="line">
        <label for={id}>
          <code class="name">{name}</code>
        </label>{' '}
        <span class="type">{typeText(schema)}</span> <Flags flags={flags} />
      </div>
      <Field id={id} {...{ parameter, value, mistake, onInput }} />
      {description && (
        <p id={`${id}-about`}>
          <Inline text={description} />
        </p>
      )}
      {mistake !== undefined && (
        <p class="failure" id={`${id}-mistake`}>
          {mistake}
        </p>
      )}
    </div>
  );
}

function Field({ id, parameter, value, mistake, onInput }: Props & { id: string }) {
  const { schema, description } = parameter;
  const about = [description ? `${id}-about` : '', mistake === undefined ? '' : `${id}-mistake`].join(' ').trim();
  const shared = { id, value, 'aria-describedby': about || undefined, 'aria-invalid': mistake !== undefined };
  const words = schema.type === 'boolean' ? ['true', 'false'] : schema.enum?.map(String);
  if (words) {
    return (
      <select {...shared} onChange={({ currentTarget }) => onInput(currentTarget.value)}>
        <option value="">not sent</option>
        {words.map((word) => (
          <option key={word} value={word}>
            {word}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      {...shared}
      type="text"
      inputMode={schema.type === 'integer' ? 'numeric' : 'text'}
      autocomplete="off"
      spellcheck={false}
      placeholder={schema.type === 'array' ? 'one,two' : ''}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
    />
  );
}
