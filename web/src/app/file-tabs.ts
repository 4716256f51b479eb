// The files of the program, as tabs above the editor.
import { html, nothing, type TemplateResult } from 'lit';
import type { Playground } from '../state/playground.js';

/** The tabs; a double click or F2 renames. */
export function fileTabs(p: Playground, format: () => void): TemplateResult {
  const { files, active } = p.workspace;
  const rename = (at: number): void => {
    const name = globalThis.prompt('Name of the file', files[at]!.name);
    if (name) p.renameFile(at, name);
  };
  return html`<div class="files" role="group" aria-label="Files">
    ${files.map(
      (f, i) =>
        html`<span class="file-tab">
          <button
            aria-pressed=${i === active}
            title="Double click renames"
            @click=${() => p.showFile(i)}
            @dblclick=${() => rename(i)}
            @keydown=${(e: KeyboardEvent) => e.key === 'F2' && rename(i)}
          >
            ${f.name}
          </button>
          ${
            files.length > 1
              ? html`<button class="close" aria-label="Remove ${f.name}" @click=${() => p.removeFile(i)}>
                  ×
                </button>`
              : nothing
          }
        </span>`,
    )}
    <button class="close" aria-label="Add a file" title="Add a file" @click=${() => p.addFile()}>+</button>
    <button class="close" title="Lay out as gofmt does (Alt+Shift+F)" @click=${format}>Format</button>
    <span class="key quiet">
      <span class="verdict-mark verdict-heap">heap</span>
      <span class="verdict-mark verdict-stack">stays on the stack</span>
      <span class="line-note note-heap">what the run allocated</span>
    </span>
  </div>`;
}
