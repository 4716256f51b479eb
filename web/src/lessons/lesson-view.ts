// <escapement-lesson>: one lesson. It asks, runs the program, lets the engine judge every answer, then explains.
import { LitElement, html, nothing } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import { engineClient } from '../app/engine.js';
import { pageTheme } from '../app/theme.js';
import { judge, type Judgement, type RunFigures } from '../model/expectations.js';
import { goRunOptions, type RunOptions } from '../protocol/questions.js';
import { encodeProgram } from '../state/permalink.js';
import { Playground } from '../state/playground.js';
import { WorkspaceController } from '../state/workspace-controller.js';
import '../views/allocations/allocations-view.js';
import '../views/editor/editor-view.js';
import '../views/output/output-view.js';
import '../views/timeline/timeline-view.js';
import type { Lesson } from './lesson.js';
import type { LessonDocument } from './lessons.js';

export class LessonView extends LitElement {
  static override properties = {
    lesson: { attribute: false },
    chosen: { state: true },
    judged: { state: true },
    failure: { state: true },
    link: { state: true },
  };
  declare lesson: LessonDocument;
  /** The reader's prediction. */
  declare chosen: number | null;
  /** The engine's judgement of each choice, once the program has run. */
  declare judged: readonly Judgement[] | null;
  declare failure: string;
  declare link: string;
  readonly playground: Playground;

  constructor() {
    super();
    this.chosen = null;
    this.judged = null;
    this.failure = '';
    this.link = './index.html';
    this.playground = new Playground(engineClient(), '', pageTheme());
    new WorkspaceController(this, w => [w.engine, w.run?.state, w.revision, w.engineMessage]);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('escapement-theme', this.themeChanged);
    this.playground.replaceProgram(this.lesson.program);
    this.playground.setOptions(optionsOf(this.lesson));
    void this.playground.open();
    void encodeProgram(this.lesson.program).then(fragment => (this.link = `./index.html${fragment}`));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('escapement-theme', this.themeChanged);
  }

  protected override render(): unknown {
    const { lesson, judged } = this;
    const { engine, run, engineMessage } = this.playground.workspace;
    const running = run?.state === 'running';
    return html`<article class="lesson">
      <h1>${lesson.title}</h1>
      <div class="prose">${unsafeHTML(lesson.introHtml)}</div>
      ${
        judged
          ? html`<div class="lesson-editor">
              <escapement-editor .playground=${this.playground}></escapement-editor>
            </div>`
          : html`<pre class="program" tabindex="0" aria-label="Program">${numbered(lesson.program)}</pre>`
      }
      <form class="predict" @submit=${this.compare}>
        <fieldset ?disabled=${judged !== null}>
          <legend>Predict</legend>
          <div class="prose">${unsafeHTML(lesson.questionHtml)}</div>
          ${lesson.choices.map((choice, i) => this.choice(choice.text, i))}
        </fieldset>
        ${
          judged
            ? nothing
            : html`<button class="primary" ?disabled=${engine !== 'ready' || this.chosen === null || running}>
                  ${running ? 'Running …' : 'Run and compare'}
                </button>
                <span class="quiet" role="status"
                  >${this.failure || (engine === 'loading' ? 'Loading the engine …' : engine === 'failed' ? engineMessage : this.chosen === null ? 'Choose an answer first.' : '')}</span
                >`
        }
      </form>
      ${judged ? this.compared(judged) : nothing}
    </article>`;
  }

  private choice(text: string, i: number): unknown {
    const judgement = this.judged?.[i];
    const mark = judgement ? (judgement.ok ? 'right' : 'wrong') : '';
    return html`<label class="choice-row ${mark}">
      <input
        type="radio"
        name="choice"
        value=${i}
        .checked=${this.chosen === i}
        @change=${() => (this.chosen = i)}
      />
      <span
        >${text}
        ${
          judgement
            ? html`<span class="verdict-of-choice"
                >${judgement.ok ? '✓ so it is' : '✗ not so'}:
                <span class="code">${this.lesson.choices[i]!.expectation}</span>; the run:
                ${judgement.got}</span
              >`
            : nothing
        }</span
      >
    </label>`;
  }

  private compared(judged: readonly Judgement[]): unknown {
    const right = this.chosen !== null && judged[this.chosen]?.ok;
    return html`<section class="compare" aria-label="Compare">
        <h2>Compare</h2>
        <p class="outcome" role="status">
          ${right ? html`<strong>You predicted it.</strong>` : html`<strong>It came otherwise.</strong> The answer marked ✓ is what the engine found.`}
        </p>
        <div class="prose">${unsafeHTML(this.lesson.compareHtml)}</div>
        <div class="lesson-figures">
          <section class="pane output" aria-label="Output">
            <escapement-output .playground=${this.playground}></escapement-output>
          </section>
          <section class="pane" aria-label="Timeline">
            <escapement-timeline .playground=${this.playground}></escapement-timeline>
          </section>
          <section class="pane" aria-label="Allocation table">
            <escapement-allocations .playground=${this.playground}></escapement-allocations>
          </section>
        </div>
      </section>
      <section class="attempt" aria-label="Try">
        <h2>Try</h2>
        <div class="prose">${unsafeHTML(this.lesson.attemptHtml)}</div>
        <p>
          <button @click=${() => void this.playground.run()}>Run again</button>
          Edit the program above, or <a href=${this.link}>open it in the playground</a>.
        </p>
      </section>`;
  }

  private readonly themeChanged = (e: Event): void => {
    this.playground.setTheme((e as CustomEvent<'light' | 'dark'>).detail);
  };

  private readonly compare = async (e: Event): Promise<void> => {
    e.preventDefault();
    this.failure = '';
    await this.playground.run();
    const figures = figuresOf(this.playground);
    if (!figures) {
      this.failure = 'The program did not run.';
      return;
    }
    this.judged = this.lesson.choices.map(
      c => judge(c.expectation, figures) ?? { ok: false, got: 'unclear' },
    );
    this.dispatchEvent(new CustomEvent('lesson-done', { bubbles: true, detail: this.lesson.id }));
  };
}

/** The figures of a playground's last run; null when it has none. */
function figuresOf(p: Playground): RunFigures | null {
  const { run, check, allocations, facts } = p.workspace;
  if (!run?.overview || !check || !allocations) return null;
  const text = (stream: 'output' | 'error'): string =>
    run.output
      .filter(o => o.stream === stream)
      .map(o => o.text)
      .join('');
  return {
    check: check.answer,
    overview: run.overview,
    allocations: allocations.rows,
    facts: facts?.facts ?? null,
    output: text('output'),
    errorOutput: text('error'),
    exitStatus: run.exitStatus,
  };
}

/** The run's options that a lesson's flags name. */
function optionsOf(lesson: Lesson): RunOptions {
  const options: Record<string, number | string> = { ...goRunOptions };
  const names: Record<string, string> = { gogc: 'gcPercent', 'heap-min': 'heapMinimum', seed: 'seed' };
  for (const flag of lesson.flags) {
    const [, name, value] = /^-(?:-)?([\w-]+)=(-?\d+)$/.exec(flag) ?? [];
    if (name && names[name]) options[names[name]] = Number(value);
  }
  return options as unknown as RunOptions;
}

/** A program with its lines numbered, as the text speaks of lines. */
function numbered(program: string): unknown {
  const lines = program.replace(/\n$/, '').split('\n');
  return lines.map((l, i) => html`<span class="numbered" data-line=${i + 1}>${l || '\u200b'}${'\n'}</span>`);
}

customElements.define('escapement-lesson', LessonView);
