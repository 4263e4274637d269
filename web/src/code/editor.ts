/** The editor of bodies: JSON with colours, mistakes underlined, and the names of the properties offered. */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import type { Schema } from '../document/openapi';
import type { Schemas } from '../document/schema';
import { complete } from './completion';

export interface Options {
  text: string;
  /** Whether the body is JSON; other text has no grammar. */
  isJson: boolean;
  schema: Schema;
  schemas: Schemas;
  /** The name of the field for those who cannot see it. */
  label: string;
  onChange: (text: string) => void;
  onRun: () => void;
}

/** An editor in a host element. */
export interface Editor {
  /** Puts another text in the place of the present one. */
  setText: (text: string) => void;
  destroy: () => void;
}

/**
 * Makes an editor. It stands in a shadow root: there its styles are adopted sheets, which a strict policy allows, while
 * in the page itself they would be `<style>` elements, which it does not.
 */
export function createEditor(host: HTMLElement, options: Options): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [colours()];
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({ doc: options.text, extensions: extensions(options) }),
  });
  return {
    setText: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    destroy: () => view.destroy(),
  };
}

function extensions({ isJson, schema, schemas, label, onChange, onRun }: Options): Extension[] {
  const run = { key: 'Mod-Enter', run: () => (onRun(), true) };
  const always = [
    history(),
    drawSelection(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label }),
    EditorView.domEventHandlers({ beforeinput: type }),
    EditorView.updateListener.of(({ docChanged, state }) => docChanged && onChange(state.doc.toString())),
    look,
    // Escape, then Tab leaves the editor.
    keymap.of([run, ...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
  ];
  if (!isJson) return [...always, placeholder('Text')];
  const parse = jsonParseLinter();
  return [
    ...always,
    json(),
    indentUnit.of('  '),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    syntaxHighlighting(classHighlighter),
    linter((view) => (view.state.doc.toString().trim() === '' ? [] : parse(view))),
    autocompletion({ override: [(context) => complete(context, schema, schemas)], icons: false }),
  ];
}

/**
 * Takes what is typed before the browser does: it would keep the colours around it by writing styles into the page,
 * which the policy forbids. What an input method composes is left to the browser, which must see it.
 */
function type(event: InputEvent, view: EditorView): boolean {
  const { data, inputType, cancelable } = event;
  if (inputType !== 'insertText' || data === null || !cancelable || view.composing) return false;
  const { from, to } = view.state.selection.main;
  const typed = () =>
    view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
  const isTaken = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, data, typed));
  if (!isTaken) view.dispatch(typed());
  return true;
}

const look = EditorView.theme({
  '&': { color: 'var(--text)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', maxHeight: '26rem', minHeight: '7rem' },
  '.cm-content': { padding: '10px 2px', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--selection)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { background: 'var(--selection)', outline: 'none' },
  '.cm-tooltip': { background: 'var(--raised)', border: '1px solid var(--line)', borderRadius: '6px', color: 'var(--text)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-completionDetail': { color: 'var(--quiet)', fontStyle: 'normal', marginLeft: '1em' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionInfo': { fontFamily: 'var(--sans)', maxWidth: '22rem', padding: '6px 10px' },
});

/** The colours of the syntax, the same as those of code that is only read. */
function colours(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    .tok-propertyName { color: var(--code-name); }
    .tok-string { color: var(--code-string); }
    .tok-number, .tok-bool, .tok-null { color: var(--code-value); }
    .tok-punctuation { color: var(--quiet); }
  `);
  return sheet;
}
