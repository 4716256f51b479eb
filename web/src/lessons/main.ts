// The page of lessons: the list, and the lesson that the address names.
import '../app/style.css';
import './lessons.css';
import '../app/site-header.js';
import '../app/offline.js';
import { html, nothing } from 'lit';
import { LightElement } from '../views/light-element.js';
import { keyed } from 'lit/directives/keyed.js';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import './lesson-view.js';
import { lessons, type LessonDocument } from './lessons.js';

const key = 'escapement.lessons';

class LessonsPage extends LightElement {
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

  protected override render(): unknown {
    const at = lessons.findIndex(l => l.id === this.current);
    const lesson = lessons[at];
    return lesson ? this.lesson(lesson, lessons[at + 1]) : this.index();
  }

  private lesson(lesson: LessonDocument, next: LessonDocument | undefined): unknown {
    return html`<nav class="lesson-list" aria-label="Lessons">
        <h2><a href="#">Lessons</a></h2>
        <ol>
          ${lessons.map(
            l =>
              html`<li>
                <a href="#${l.id}" aria-current=${l.id === this.current ? 'page' : 'false'}
                  >${l.title}${this.tick(l)}</a
                >
              </li>`,
          )}
        </ol>
      </nav>
      <div class="lesson-place">
        ${keyed(lesson.id, html`<escapement-lesson .lesson=${lesson}></escapement-lesson>`)}
        ${next ? html`<p class="next"><a href="#${next.id}">Next: ${next.title}</a></p>` : nothing}
      </div>`;
  }

  /** Every lesson with its question. */
  private index(): unknown {
    const begin = lessons.find(l => !this.done.has(l.id)) ?? lessons[0]!;
    return html`<div class="lesson-index">
      <h1>Predict, run, compare</h1>
      <p class="prose">
        ${lessons.length} small programs. Each lesson asks where a value lives before it shows it: you
        predict, the engine runs the program here in this tab and judges every answer, and the text says why.
        Then you change the program.
      </p>
      <p class="progress">
        <a class="start" href="#${begin.id}">${this.done.size ? 'Go on' : 'Begin'} with “${begin.title}”</a>
        <span class="quiet">${this.done.size} of ${lessons.length} done</span>
      </p>
      <ol class="cards">
        ${lessons.map(
          (l, i) =>
            html`<li>
              <a href="#${l.id}"
                ><span class="card-title"
                  ><span class="card-number">${i + 1}</span> ${l.title}${this.tick(l)}</span
                ><span class="card-teaser">${unsafeHTML(l.teaserHtml)}</span></a
              >
            </li>`,
        )}
      </ol>
    </div>`;
  }

  private tick(l: LessonDocument): unknown {
    return this.done.has(l.id) ? html` <span class="tick" role="img" aria-label="done">✓</span>` : nothing;
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
