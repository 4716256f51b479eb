// The editing frame of a widget. The document that holds it may say once what to show; from then on they talk on the
// port that came with it. Nothing of this origin is kept, read or told.
import '../app/style.css';
import './embed.css';
import { EngineClient } from '../engine/engine-client.js';
import { workerOnPort } from '../engine/engine-port.js';
import type { Target } from '../protocol/questions.js';
import { Playground } from '../state/playground.js';
import { mostText, views } from '../widget/choices.js';
import { dialect, isMessage, type Here, type Open, type ToFrame } from '../widget/messages.js';
import { EmbedElement } from './embed-element.js';
import { putLook } from './look.js';
import { Reporter } from './reporter.js';

/** The document that owns the worker replaces it first; this is only for when that document is gone. */
const stopMilliseconds = 3000;

function readOpen(data: unknown): Open | null {
  if (!isMessage(data, 'open')) return null;
  const open = data as Open;
  if (typeof open.text !== 'string' || open.text.length > mostText || !views.includes(open.view)) return null;
  return open;
}

/** The moment that a page names: event:N, step:N, line:N, line:N:HIT or end. */
function readMoment(text: unknown): Target | null {
  if (text === 'end') return { end: true };
  const said = /^(event|step|line):(\d{1,15})(?::(\d{1,9}))?$/.exec(String(text));
  if (!said) return null;
  const n = Number(said[2]);
  if (said[1] === 'event') return { event: n };
  if (said[1] === 'step') return { step: n };
  return { line: n, hit: Number(said[3] ?? 1) };
}

function start(open: Open, widget: MessagePort, requests: MessagePort): void {
  const client = new EngineClient(() => workerOnPort(requests), { wasm: '', packs: [] }, stopMilliseconds);
  putLook(open.look);
  const playground = new Playground(client, open.text, open.look.theme);
  const element = new EmbedElement(playground, open.view, open.locked === true);
  document.querySelector('main')!.append(element);
  const reporter = new Reporter(playground, widget);
  widget.onmessage = (e: MessageEvent<ToFrame>) => {
    if (e.data.kind === 'run') void playground.run();
    else if (e.data.kind === 'stop') void playground.stop();
    else if (e.data.kind === 'look') {
      putLook(e.data.look);
      playground.setTheme(e.data.look.theme === 'dark' ? 'dark' : 'light');
    }
  };
  addEventListener('pagehide', () => client.replace('the page is closed'));
  void playground.open().then(async () => {
    reporter.begin();
    if (!open.run || playground.workspace.engine !== 'ready') return;
    await playground.run();
    const moment = readMoment(open.moment);
    if (moment) await playground.goTo(moment);
  });
}

let started = false;
addEventListener('message', e => {
  if (e.source !== parent || e.source === window || started) return;
  const open = readOpen(e.data);
  const [widget, requests] = e.ports;
  if (!open || !widget || !requests) return;
  started = true;
  start(open, widget, requests);
});
parent.postMessage({ escapement: dialect, kind: 'here' } satisfies Here, '*');
