// <escapement-lesson>: one lesson. It asks, runs the program, lets the engine judge every answer, then explains.
import { html, nothing } from 'lit';
import { LightElement } from '../views/light-element.js';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import { engineClient } from '../app/engine.js';
import { pageTheme } from '../app/theme.js';
import type { ExpectAnswer } from '../protocol/answers.generated.js';
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

/** What the engine found of a choice. */
interface Judgement {
  readonly ok: boolean;
  readonly got: string;
}

export class LessonView extends LightElement {
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
          ? html`<div class="lesson-editor" .style=${`height:${editorHeight(lesson.program)}px`}>
              <escapement-editor .playground=${this.playground}></escapement-editor>
            </div>`
          : html`<pre class="program" tabindex="0" aria-label="Program">${numbered(lesson.program)}</pre>`
      }
      <form class="predict" @submit=${this.compare}>
        <fieldset ?disabled=${judged !== null}>
          <legend>Predict</legend>
          <div class="prose">${unsafeHTML(lesson.questionHtml)}</div>
          ${lesson.choiceHtml.map((text, i) => this.choice(text, i))}
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
        >${unsafeHTML(text)}
        ${
          judgement
            ? html`<span class="verdict-of-choice"
                >${judgement.ok ? '✓ so it is' : '✗ not so'}:
                <span class="code">${this.lesson.choices[i]!.expectation}</span
                >${judgement.ok || !judgement.got ? nothing : html` — the run: ${judgement.got}`}</span
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
    const { run } = this.playground.workspace;
    const answer = run?.overview
      ? await this.playground.expect(this.lesson.choices.map(c => c.expectation).join('\n')).catch(() => null)
      : null;
    if (!answer) {
      this.failure = 'The program did not run.';
      return;
    }
    this.judged = this.lesson.choices.map((_, i) => judgementOf(answer, i + 1));
    this.dispatchEvent(new CustomEvent('lesson-done', { bubbles: true, detail: this.lesson.id }));
  };
}

/** A lesson's editor is as high as its program, with room for a few lines more. */
const editorHeight = (program: string): number => 19 * (program.split('\n').length + 4);

/** What the engine says of the choice on a line of the question; a choice may hold several expectations. */
function judgementOf(answer: ExpectAnswer, line: number): Judgement {
  const own = answer.expectations.filter(e => e.line === line);
  const got = own.map(e => e.got).filter(Boolean);
  return { ok: own.length > 0 && own.every(e => e.ok), got: [...new Set(got)].join(', ') };
}

/** The run's options that a lesson's flags name. */
function optionsOf(lesson: Lesson): RunOptions {
  const options: Record<string, number | string> = { ...goRunOptions };
  const names: Record<string, string> = {
    gogc: 'gcPercent',
    'heap-minimum': 'heapMinimum',
    'stack-start': 'stackStart',
    seed: 'seed',
  };
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
