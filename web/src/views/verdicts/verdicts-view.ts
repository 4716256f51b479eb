// <escapement-verdicts>: the compiler's verdicts as a table. The whole of -m is one click from the clipboard.
import { html, nothing } from 'lit';
import { LightElement } from '../light-element.js';
import { filterField } from '../filter-field.js';
import { passes } from '../../model/row-filter.js';
import { bytes, count, counted } from '../../base/format.js';
import type { CheckAnswer, Verdict, VerdictFact } from '../../protocol/answers.generated.js';
import type { Playground } from '../../state/playground.js';
import { WorkspaceController } from '../../state/workspace-controller.js';
import { freshFacts } from '../../state/workspace.js';

export class VerdictsView extends LightElement {
  static override properties = { playground: { attribute: false }, copied: { state: true } };
  declare playground: Playground;
  declare copied: boolean;

  constructor() {
    super();
    this.copied = false;
    new WorkspaceController(this, w => [
      w.check,
      w.revision,
      w.run,
      w.facts,
      w.focus.verdicts,
      w.focus.filter,
      w.focus.line,
      w.focus.verdict,
      w.engine,
    ]);
  }

  protected override render(): unknown {
    const { check, focus, revision, engine } = this.playground.workspace;
    if (!check)
      return html`<p class="empty">${engine === 'loading' ? 'Loading the engine …' : 'No verdicts yet.'}</p>`;
    const answer = check.answer;
    const facts = freshFacts(this.playground.workspace);
    const factOf = new Map(facts?.verdicts.map(f => [f.verdict, f]));
    const shown = answer.verdicts
      .map((v, number) => ({ v, number, fact: factOf.get(number) }))
      .filter(({ v, fact }) => focus.verdicts === 'all' || v.region === 'heap' || fact?.surprise)
      .filter(({ v, fact }) =>
        passes(focus.filter, v.line, v.region, v.subject, v.text, fact?.surprise ? 'surprise' : ''),
      );
    const surprises = facts?.verdicts.filter(f => f.surprise).length ?? 0;
    return html`
      <div class="bar">
        <p class="sentence">
          ${sentence(answer)}
          ${surprises ? html`<strong>${counted(surprises, 'surprise')}</strong>: verdict and run differ.` : nothing}
        </p>
        ${filterField('verdicts', focus.filter, filter => this.playground.setFocus({ filter }))}
        <span class="choice" role="group" aria-label="Verdicts shown">
          ${(['heap', 'all'] as const).map(
            value =>
              html`<button
                aria-pressed=${focus.verdicts === value}
                @click=${() => this.playground.setFocus({ verdicts: value })}
              >
                ${value === 'heap' ? 'Heap only' : 'All'}
              </button>`,
          )}
        </span>
        <button @click=${() => this.copy(answer)}>${this.copied ? 'Copied' : 'Copy -m lines'}</button>
      </div>
      <div
        class="rows ${revision === check.revision ? '' : 'stale'}"
        tabindex="0"
        role="group"
        aria-label="Verdict rows"
      >
        <table aria-label="Verdicts">
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">Where</th>
              <th scope="col">What</th>
              <th scope="col">What the compiler says</th>
              <th scope="col">What the run did</th>
            </tr>
          </thead>
          <tbody>
            ${shown.map(({ v, number, fact }) => this.row(v, number, fact))}
          </tbody>
        </table>
        ${shown.length === 0 ? html`<p class="empty">${this.nothingToShow(answer)}</p>` : nothing}
      </div>
    `;
  }

  private row(v: Verdict, number: number, fact: VerdictFact | undefined): unknown {
    const { verdict, line } = this.playground.workspace.focus;
    const selected = verdict === null ? line === v.line : verdict === number;
    const select = (): void => this.playground.selectVerdict(number);
    return html`<tr class=${selected ? 'selected' : ''} @click=${select}>
      <td class="number">
        <button class="link" @click=${select} title="Line ${v.line}, column ${v.column}">
          ${v.line}:${v.column}
        </button>
      </td>
      <td><span class="region region-${v.region}">${v.region}</span></td>
      <td class="code">${v.subject}</td>
      <td class="code">${v.text}${v.path.length ? path(v) : nothing}</td>
      <td>${fact ? did(fact) : html`<span class="quiet">–</span>`}</td>
    </tr>`;
  }

  private nothingToShow(answer: CheckAnswer): string {
    if (!answer.ok) return 'No verdicts: the program does not compile.';
    if (this.playground.workspace.focus.filter) return 'No row has these words.';
    return answer.verdicts.length
      ? 'Nothing is on the heap.'
      : 'The compiler has no verdicts for this program.';
  }

  private async copy(answer: CheckAnswer): Promise<void> {
    const lines = answer.messages
      .filter(m => m.severity !== 'warning')
      .map(m => `${m.position}: ${m.text}`)
      .join('\n');
    await navigator.clipboard.writeText(lines + '\n');
    this.copied = true;
    setTimeout(() => (this.copied = false), 1500);
  }
}

function sentence(answer: CheckAnswer): string {
  const errors = answer.messages.filter(m => m.severity === 'error');
  if (errors.length)
    return `${counted(errors.length, 'error')}; first: ${errors[0]!.position}: ${errors[0]!.text}`;
  const heap = answer.verdicts.filter(v => v.region === 'heap').length;
  return `${counted(answer.verdicts.length, 'verdict')}: ${count(heap)} on the heap, ${count(answer.verdicts.length - heap)} elsewhere.`;
}

/** What the run did at a verdict. */
function did(fact: VerdictFact): unknown {
  const figures =
    fact.objects > 0
      ? html`<strong>${counted(fact.objects, 'object')}, ${bytes(fact.bytes)}</strong
          >${fact.survivors ? `; ${count(fact.survivors)} outlived the last collection` : ''}`
      : html`<span class="quiet">${fact.ran === 'no' ? 'not reached' : 'no heap object'}</span>`;
  return fact.surprise
    ? html`${figures} <span class="surprise">surprise</span> <span class="why">${fact.explanation}</span>`
    : html`${figures}${fact.explanation ? html` <span class="why">${fact.explanation}</span>` : nothing}`;
}

/** The path by which the value reaches the heap. */
function path(v: Verdict): unknown {
  return html`<details @click=${(e: Event) => e.stopPropagation()}>
    <summary>why</summary>
    <ol>
      ${v.path.map(s => html`<li><span class="quiet">${s.line ? `line ${s.line}: ` : ''}</span>${s.text}${s.why ? html` <em>(${s.why})</em>` : nothing}</li>`)}
    </ol>
  </details>`;
}

customElements.define('escapement-verdicts', VerdictsView);
