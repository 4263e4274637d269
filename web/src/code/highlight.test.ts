import { expect, test } from 'vitest';
import { highlight, type Syntax } from './highlight';

test.each<[Syntax, string, string]>([
  ['json', '{\n  "a": [1, true, null, "x"]\n}\n', 'tok-propertyName'],
  ['python', 'answer = sdk.me(fields="id")\n', 'tok-string'],
  ['typescript', "const answer = await sdk.ok(sdk.me('id'))", 'tok-keyword'],
  ['rust', 'let answer: String = call(&json!({"a": 1})).await?;', 'tok-keyword'],
  ['shell', "curl --request POST 'http://x' \\\n  --data '{}'", 'tok-string'],
  ['text', 'plain', ''],
  ['json', '{"broken": [1,', 'tok-propertyName'],
])('%s is coloured and no character is lost', (syntax, text, classes) => {
  const pieces = highlight(text, syntax);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  expect(pieces.some((piece) => piece.classes.split(' ').includes(classes) || classes === '')).toBe(true);
});
