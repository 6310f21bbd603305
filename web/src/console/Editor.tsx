import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { QueryDiagnostic } from '../api/types';
import { completeNrql } from './completion';
import { toMarks } from './diagnostics';
import { editorTheme } from './editorTheme';
import { hoverNrql } from './hover';
import { nrqlColors, nrqlLanguage } from './nrqlLanguage';

interface Props {
  text: string;
  onText: (text: string) => void;
  onRun: () => void;
  /** About exactly this text; `null` while not known: the marks move along with the text. */
  findings: readonly QueryDiagnostic[] | null;
}

/** CodeMirror around NRQL. It comes in a chunk of its own: only the console needs it. */
export function Editor(props: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const current = useRef(props);
  current.current = props;

  useEffect(() => {
    if (holder.current === null) return;
    const made = new EditorView({
      parent: holder.current,
      state: EditorState.create({ doc: current.current.text, extensions: extensions(current) }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === props.text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: props.text } });
  }, [props.text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || props.findings === null) return;
    const marks = toMarks(editor.state.doc.toString(), props.findings);
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [props.findings]);

  return <div className="editor" ref={holder} />;
}

function extensions(props: { current: Props }) {
  const run = () => {
    props.current.onRun();
    return true;
  };
  return [
    lineNumbers(),
    history(),
    nrqlLanguage,
    nrqlColors,
    editorTheme,
    placeholder('SELECT … FROM … WHERE … FACET … TIMESERIES'),
    autocompletion({ override: [completeNrql], icons: false }),
    hoverNrql(),
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
    keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'NRQL query' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) props.current.onText(update.state.doc.toString());
    }),
  ];
}
