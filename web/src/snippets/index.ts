import type { Schemas } from '../document/schema';
import type { Call } from '../request/call';
import { curl } from './curl';
import { python } from './python';
import { rust } from './rust';
import { typescript } from './typescript';

/** The languages that a call is shown in, in the order of the tabs. */
export const LANGUAGES = [
  { id: 'curl', label: 'curl', syntax: 'shell', write: curl },
  { id: 'python', label: 'Python', syntax: 'python', write: python },
  { id: 'typescript', label: 'TypeScript', syntax: 'typescript', write: typescript },
  { id: 'rust', label: 'Rust', syntax: 'rust', write: rust },
] as const satisfies readonly {
  id: string;
  label: string;
  syntax: string;
  write: (call: Call, schemas: Schemas) => string;
}[];

export type LanguageId = (typeof LANGUAGES)[number]['id'];
