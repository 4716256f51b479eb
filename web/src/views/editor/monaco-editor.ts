// Monaco behind EditorPort. Loaded on demand; this file and what it imports are a chunk of their own.
import 'monaco-editor/features/bracketMatching/register.js';
import 'monaco-editor/features/clipboard/register.js';
import 'monaco-editor/features/codicon/register.js';
import 'monaco-editor/features/comment/register.js';
import 'monaco-editor/features/contextmenu/register.js';
import 'monaco-editor/features/find/register.js';
import 'monaco-editor/features/folding/register.js';
import 'monaco-editor/features/gotoError/register.js';
import 'monaco-editor/features/hover/register.js';
import 'monaco-editor/features/indentation/register.js';
import 'monaco-editor/features/linesOperations/register.js';
import 'monaco-editor/features/multicursor/register.js';
import 'monaco-editor/features/toggleTabFocusMode/register.js';
import 'monaco-editor/features/unicodeHighlighter/register.js';
import 'monaco-editor/features/wordHighlighter/register.js';
import 'monaco-editor/features/wordOperations/register.js';
import 'monaco-editor/languages/definitions/go/register.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import { editor, KeyCode, KeyMod, MarkerSeverity, Range, Uri } from 'monaco-editor/editor.js';
import type { PathStop } from '../../model/verdict-words.js';
import { Annotations, codeLength, type TextGeometry } from './annotations.js';
import type { EditorEvents, EditorFault, EditorMark, EditorNote, EditorPort } from './editor-port.js';

self.MonacoEnvironment ??= { getWorker: () => new EditorWorker() };

let models = 0;

for (const [name, base] of [
  ['escapement-light', 'vs'],
  ['escapement-dark', 'vs-dark'],
] as const) {
  editor.defineTheme(name, { base, inherit: true, rules: [], colors: {} });
}

class MonacoEditor implements EditorPort {
  private readonly editor: editor.IStandaloneCodeEditor;
  private readonly model: editor.ITextModel;
  private readonly marks: editor.IEditorDecorationsCollection;
  private readonly selection: editor.IEditorDecorationsCollection;
  private readonly annotations: Annotations;

  constructor(place: HTMLElement, text: string, theme: 'light' | 'dark', events: EditorEvents) {
    this.model = editor.createModel(text, 'go', Uri.parse(`inmemory://playground-${++models}/main.go`));
    this.editor = editor.create(place, {
      model: this.model,
      theme: `escapement-${theme}`,
      automaticLayout: true,
      minimap: { enabled: false },
      fontSize: 13,
      lineNumbersMinChars: 3,
      glyphMargin: false,
      scrollBeyondLastLine: false,
      renderLineHighlight: 'gutter',
      tabSize: 4,
      insertSpaces: false,
      detectIndentation: true,
      fixedOverflowWidgets: true,
      ariaLabel: 'Go program. Escape leaves the editor; Control M makes Tab move on.',
      padding: { top: 8, bottom: 8 },
      hover: { delay: 200 },
      bracketPairColorization: { enabled: false },
      occurrencesHighlight: 'singleFile',
      scrollbar: { alwaysConsumeMouseWheel: false },
    });
    this.marks = this.editor.createDecorationsCollection();
    this.selection = this.editor.createDecorationsCollection();
    this.annotations = new Annotations(geometryOf(this.editor));
    place.append(this.annotations.layer);
    this.editor.onDidScrollChange(() => this.annotations.layout());
    this.editor.onDidLayoutChange(() => this.annotations.layout());
    this.model.onDidChangeContent(() => this.annotations.layout());
    this.model.onDidChangeContent(() => events.onText(this.model.getValue()));
    this.editor.onDidChangeCursorPosition(e => {
      // Moves that the page made itself (setText) are no choice of the reader's.
      if (e.source !== 'api') events.onLine(e.position.lineNumber);
    });
    this.editor.addCommand(KeyMod.CtrlCmd | KeyCode.Enter, () => events.onRun());
    this.editor.addCommand(KeyMod.Shift | KeyCode.Enter, () => events.onRun());
    this.editor.addCommand(KeyMod.CtrlCmd | KeyCode.KeyS, () => events.onShare());
    this.editor.addCommand(KeyMod.Alt | KeyMod.Shift | KeyCode.KeyF, () => events.onFormat());
    this.editor.addCommand(
      KeyCode.Escape,
      () => events.onLeave(),
      '!findWidgetVisible && !editorHoverVisible && !hasMultipleSelections',
    );
  }

  setText(text: string): void {
    const now = this.model.getValue();
    if (now === text) return;
    if (bare(now) === bare(text)) {
      // The same program laid out anew: caret and history stay.
      const position = this.editor.getPosition();
      this.editor.pushUndoStop();
      this.editor.executeEdits('format', [{ range: this.model.getFullModelRange(), text }]);
      this.editor.pushUndoStop();
      if (position) this.editor.setPosition(position);
    } else {
      this.model.setValue(text);
    }
  }

  setMarks(marks: readonly EditorMark[], faults: readonly EditorFault[], notes: readonly EditorNote[]): void {
    const last = this.model.getLineCount();
    const here = <T extends { line: number }>(all: readonly T[]): T[] =>
      all.filter(x => x.line >= 1 && x.line <= last);
    this.marks.set([
      ...here(marks).map(m => ({
        range: new Range(m.line, m.column, m.line, m.endColumn),
        options: {
          inlineClassName: `verdict-mark verdict-${m.region}${m.surprise ? ' verdict-surprise' : ''}`,
          hoverMessage: m.hover.map(value => ({ value: plain(value) })),
          stickiness: 1,
        },
      })),
      ...[
        ...new Set(
          here(marks)
            .filter(m => m.region === 'heap')
            .map(m => m.line),
        ),
      ].map(line => ({
        range: new Range(line, 1, line, 1),
        options: { linesDecorationsClassName: 'gutter-heap' },
      })),
    ]);
    this.annotations.setNotes(here(notes));
    editor.setModelMarkers(
      this.model,
      'escapement',
      here(faults).map(f => ({
        severity: f.warning ? MarkerSeverity.Warning : MarkerSeverity.Error,
        message: f.text,
        startLineNumber: f.line,
        startColumn: f.column,
        endLineNumber: f.line,
        endColumn: f.endColumn,
      })),
    );
  }

  setPath(path: readonly PathStop[]): void {
    this.annotations.setPath(path);
    const first = path[0];
    if (first) this.editor.revealLineInCenterIfOutsideViewport(first.line);
  }

  setLine(line: number | null, playing = false): void {
    if (line === null || line > this.model.getLineCount()) {
      this.selection.clear();
      return;
    }
    this.selection.set([
      {
        range: new Range(line, 1, line, 1),
        options: {
          isWholeLine: true,
          className: playing ? 'line-playing' : 'line-selected',
          linesDecorationsClassName: playing ? 'gutter-playing' : '',
        },
      },
    ]);
    this.editor.revealLineInCenterIfOutsideViewport(line);
  }

  setTheme(theme: 'light' | 'dark'): void {
    editor.setTheme(`escapement-${theme}`);
  }

  focus(): void {
    this.editor.focus();
  }

  dispose(): void {
    this.annotations.dispose();
    this.editor.dispose();
    this.model.dispose();
  }
}

/** Where Monaco's text stands in the editor's place, which scrolls with nothing. */
function geometryOf(code: editor.IStandaloneCodeEditor): TextGeometry {
  const place = (line: number, column: number): { x: number; y: number } | null => {
    const model = code.getModel();
    if (!model || line > model.getLineCount()) return null;
    const y = code.getTopForLineNumber(line) - code.getScrollTop();
    if (y < -40 || y > code.getLayoutInfo().height + 40) return null;
    const at = code.getScrolledVisiblePosition({ lineNumber: line, column });
    return at && { x: at.left, y };
  };
  return {
    lineHeight: code.getOption(editor.EditorOption.lineHeight),
    visible: () => {
      const { contentLeft, contentWidth, verticalScrollbarWidth } = code.getLayoutInfo();
      return { left: contentLeft, right: contentLeft + contentWidth - verticalScrollbarWidth };
    },
    place,
    end: line => {
      const model = code.getModel();
      if (!model || line > model.getLineCount()) return null;
      const end = place(line, model.getLineMaxColumn(line));
      const behind = place(line, codeLength(model.getLineContent(line)) + 1);
      return end && { ...end, code: behind?.x ?? end.x };
    },
  };
}

/** A text without spaces and line ends. */
const bare = (text: string): string => text.replace(/\s+/g, '');

/** Text as Markdown that says nothing but the text. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!<>|~&$]/g, '\\$&');
}

/** Monaco in `place`. */
export function mountMonaco(
  place: HTMLElement,
  text: string,
  theme: 'light' | 'dark',
  events: EditorEvents,
): EditorPort {
  return new MonacoEditor(place, text, theme, events);
}
