// The page of lessons: the list, and the lesson that the address names.
import '../app/style.css';
import './lessons.css';
import '../app/site-header.js';
import '../app/offline.js';
import { LitElement, html, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import './lesson-view.js';
import { lessons } from './lessons.js';

const key = 'escapement.lessons';

class LessonsPage extends LitElement {
  static override properties = { current: { state: true }, done: { state: true } };
  declare current: string;
  declare done: ReadonlySet<string>;

  constructor() {
    super();
    this.current = location.hash.slice(1);
    let done: unknown = [];
    try {
      done = JSON.parse(localStorage.getItem(key) ?? '[]');
    } catch {
      // Without storage nothing is ticked off.
    }
    this.done = new Set(Array.isArray(done) ? (done as string[]) : []);
    this.addEventListener('lesson-done', e => this.finish((e as CustomEvent<string>).detail));
    globalThis.addEventListener('hashchange', () => {
      this.current = location.hash.slice(1);
      globalThis.scrollTo(0, 0);
    });
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    const at = lessons.findIndex(l => l.id === this.current);
    const lesson = lessons[at];
    const next = lessons[at + 1];
    return html`<nav class="lesson-list" aria-label="Lessons">
        <h2>Lessons</h2>
        <ol>
          ${lessons.map(
            l =>
              html`<li>
                <a href="#${l.id}" aria-current=${l.id === this.current ? 'page' : 'false'}
                  >${l.title}${this.done.has(l.id) ? html` <span class="tick" role="img" aria-label="done">✓</span>` : nothing}</a
                >
              </li>`,
          )}
        </ol>
      </nav>
      <div class="lesson-place">
        ${
          lesson
            ? keyed(lesson.id, html`<escapement-lesson .lesson=${lesson}></escapement-lesson>`)
            : html`<h1>Predict, run, compare</h1>
                <p class="prose">
                  ${lessons.length} small programs. Each lesson asks where a value lives before it shows it:
                  you predict, the engine runs the program here in this tab and judges every answer, and the
                  text says why. Then you change the program.
                </p>
                <p><a class="start" href="#${lessons[0]!.id}">Begin with “${lessons[0]!.title}”</a></p>`
        }
        ${lesson && next ? html`<p class="next"><a href="#${next.id}">Next: ${next.title}</a></p>` : nothing}
      </div>`;
  }

  private finish(id: string): void {
    this.done = new Set([...this.done, id]);
    try {
      localStorage.setItem(key, JSON.stringify([...this.done]));
    } catch {
      // It is ticked off for this visit.
    }
  }
}

customElements.define('escapement-lessons', LessonsPage);
