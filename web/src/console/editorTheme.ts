import { EditorView } from '@codemirror/view';

/** The look of the editor from the page's tokens, so that both themes are one. */
export const editorTheme = EditorView.theme({
  '&': { maxHeight: '300px', borderRadius: 'var(--radius-panel) var(--radius-panel) 0 0' },
  '&.cm-focused': { outline: '1px solid var(--accent)', outlineOffset: '0' },
  '.cm-scroller': { minHeight: '96px', font: '13px/20px var(--mono)' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--hi)' },
  '.cm-gutters': { border: '0', background: 'none', color: 'var(--lo)', paddingLeft: '6px' },
  '.cm-placeholder': { color: 'var(--lo)' },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
    background: 'var(--raise)',
    color: 'var(--hi)',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden',
  },
  // What an option means stands beside the list.
  '.cm-tooltip.cm-tooltip-autocomplete': { overflow: 'visible' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { font: '12px/18px var(--mono)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--accent-bg)',
    color: 'var(--hi)',
  },
  '.cm-completionMatchedText': { color: 'var(--accent)', textDecoration: 'none' },
  '.cm-completionDetail': { color: 'var(--lo)', fontStyle: 'normal' },
  '.cm-tooltip.cm-completionInfo': { maxWidth: '320px', padding: '6px 10px' },
  '.cm-nrql-hover': { maxWidth: '420px', padding: '6px 10px' },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap' },
});
