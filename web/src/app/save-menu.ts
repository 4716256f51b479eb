// What a reader can take away: the run as a page, its trace in four formats, the compiler's lines, the program; the way in
// for files of their own.
import { html, type TemplateResult } from 'lit';
import { formatFiles } from '../base/txtar.js';
import type { ExportFormat } from '../protocol/questions.js';
import type { Playground } from '../state/playground.js';
import { saveFile } from '../views/save.js';

const formats = [
  ['json', 'Trace as JSON', 'trace.json', 'application/json'],
  ['csv', 'Trace as CSV', 'trace.csv', 'text/csv'],
  ['pprof', 'Profile for go tool pprof', 'heap.pb.gz', 'application/octet-stream'],
  ['chrome', 'Trace events for Perfetto', 'trace-events.json', 'application/json'],
] as const satisfies readonly (readonly [ExportFormat, string, string, string])[];

/** The button and its menu. `say` tells how it went. */
export function saveMenu(
  p: Playground,
  id: string,
  say: (sentence: string) => void,
  link: () => Promise<string>,
): TemplateResult {
  const { run, check, files } = p.workspace;
  const ended = run?.overview && run.state !== 'running';
  const save = async (format: ExportFormat, name: string, type: string): Promise<void> => {
    try {
      saveFile(name, await p.export(format), type);
    } catch {
      say('There is no trace to save.');
    }
  };
  const report = async (): Promise<void> => {
    try {
      const [{ reportHtml }, snapshot] = await Promise.all([import('./picture-file.js'), p.snapshot()]);
      saveFile('run.html', await reportHtml(snapshot, await link()), 'text/html');
    } catch {
      say('There is no run to save.');
    }
  };
  const copy = async (format: ExportFormat): Promise<void> => {
    try {
      await navigator.clipboard.writeText(new TextDecoder().decode(await p.export(format)));
      say('Trace copied.');
    } catch {
      say('The trace could not be copied.');
    }
  };
  const remarks = (): string => check!.answer.messages.map(m => `${m.position}: ${m.text}\n`).join('');
  const open = async (e: Event): Promise<void> => {
    const chosen = [...((e.target as HTMLInputElement).files ?? [])];
    (e.target as HTMLInputElement).value = '';
    if (!chosen.length) return;
    if (chosen.some(f => f.size > 1 << 18)) {
      say('Snippet is too large.');
      return;
    }
    const read = await Promise.all(chosen.map(async f => ({ name: f.name, text: await f.text() })));
    p.replaceProgram(read.length === 1 ? read[0]!.text : formatFiles(read));
  };
  return html`<button popovertarget=${id} title="Files: open and save">File ▾</button>
    <div id=${id} popover class="panel menu" role="dialog" aria-label="Open and save">
      <h2>Open</h2>
      <label class="file"
        >Go files … <input type="file" multiple accept=".go,.txtar,.txt,.mod" @change=${open}
      /></label>
      <h2>Save</h2>
      <button
        @click=${() => saveFile(files.length > 1 ? 'program.txtar' : files[0]!.name, formatFiles(files), 'text/plain')}
      >
        Program
      </button>
      <button ?disabled=${!ended} @click=${() => void report()}>The run as a page that stands alone</button>
      <button
        ?disabled=${!check?.answer.messages.length}
        @click=${() => saveFile('remarks.txt', remarks(), 'text/plain')}
      >
        The compiler’s -m lines
      </button>
      ${formats.map(
        ([format, title, name, type]) =>
          html`<button ?disabled=${!ended} @click=${() => void save(format, name, type)}>${title}</button>`,
      )}
      <button ?disabled=${!ended} @click=${() => void copy('json')}>Copy the trace as JSON</button>
    </div>`;
}
