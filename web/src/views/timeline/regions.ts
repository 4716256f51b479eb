// The three regions of memory in words: in the timeline's hints, and in its place before a run.
import { html } from 'lit';

/** The three places that a value can live in, for who meets them first. */
export const inWords = {
  static: 'Code, constants and package variables: there before main begins, there until the end.',
  stack: 'A call’s variables come with it and go with it, at no cost.',
  heap: 'What may outlive its call. Each object is allocated, and the collector must find it again.',
};

/** What stands where the picture will be. */
export function regions(): unknown {
  return html`<dl class="regions">
    <div class="region-static">
      <dt>Static region</dt>
      <dd>${inWords.static}</dd>
    </div>
    <div class="region-stack">
      <dt>Stacks, one for each goroutine</dt>
      <dd>${inWords.stack}</dd>
    </div>
    <div class="region-heap">
      <dt>Heap</dt>
      <dd>${inWords.heap}</dd>
    </div>
  </dl>`;
}
