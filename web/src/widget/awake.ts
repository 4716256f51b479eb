// A widget that is awake: its editing frame, and what the two say to each other. Loaded with the first click.
import type { WidgetView } from './choices.js';
import { openFrame } from './frames.js';
import { colourNames, type FromFrame, type Look, type ToFrame } from './messages.js';

/** What the widget lends to its frame. */
export interface Host {
  /** The widget's element, whose attributes are read. */
  readonly element: HTMLElement;
  /** Carries the theme and the custom properties. */
  readonly root: HTMLElement;
  /** Where the frame goes; what is there goes when the frame is ready. */
  readonly body: HTMLElement;
  readonly engine: URL;
  readonly text: string;
  readonly view: WidgetView;
  /** The frame is there and shows the program. */
  onReady(): void;
  onRunning(running: boolean): void;
  /** The link to the playground changed. */
  onLink(fragment: string): void;
  onEvent(name: string, detail: unknown): void;
}

export class Awake {
  private constructor(
    private readonly host: Host,
    private readonly frame: HTMLIFrameElement,
    private readonly place: HTMLElement,
    private readonly port: MessagePort,
  ) {
    frame.setAttribute('part', 'frame');
    port.onmessage = e => this.hear(e.data as FromFrame);
  }

  /** Opens the frame beside what the widget shows; it is seen when it is ready. */
  static async open(host: Host, run: boolean): Promise<Awake> {
    const place = document.createElement('div');
    place.hidden = true;
    host.body.append(place);
    try {
      const { frame, port } = await openFrame(host.engine, place, () => ({
        text: host.text,
        view: host.view,
        moment: host.element.getAttribute('moment') ?? '',
        locked: host.element.hasAttribute('readonly'),
        run,
        look: currentLook(host.root),
      }));
      return new Awake(host, frame, place, port);
    } catch (error) {
      place.remove();
      throw error;
    }
  }

  run(): void {
    this.say({ kind: 'run' });
  }

  stop(): void {
    this.say({ kind: 'stop' });
  }

  /** The page's theme or colours may have changed. */
  look(): void {
    this.say({ kind: 'look', look: currentLook(this.host.root) });
  }

  close(): void {
    this.port.close();
    this.place.remove();
  }

  private say(message: ToFrame): void {
    this.port.postMessage(message);
  }

  /** What the frame says. It is the engine's own document, yet nothing of it is taken unseen. */
  private hear(message: FromFrame): void {
    const { host, frame, place } = this;
    switch (message.kind) {
      case 'height':
        if (!host.element.hasAttribute('height') && message.height > 0)
          frame.style.height = `${Math.min(4000, Math.ceil(message.height))}px`;
        return;
      case 'link':
        if (/^#v1:[\w&=.%:~!'()*-]*$/.test(message.fragment)) host.onLink(message.fragment);
        return;
      case 'running':
        return host.onRunning(message.running === true);
      case 'event':
        if (message.name === 'ready') {
          frame.style.height = `${Math.max(host.body.clientHeight, 200)}px`;
          place.hidden = false;
          // Not replaceChildren: a frame that leaves the page for a moment begins again.
          for (const child of [...host.body.children]) if (child !== place) child.remove();
          host.onReady();
        } else if (/^(run|result|error)$/.test(message.name)) host.onEvent(message.name, message.detail);
    }
  }
}

/** The theme and the colours that apply to the widget now. */
function currentLook(root: HTMLElement): Look {
  const computed = getComputedStyle(root);
  const colours: Record<string, string> = {};
  for (const name of colourNames) {
    const value = computed.getPropertyValue(`--escapement-${name}`).trim();
    if (value) colours[name] = value;
  }
  // light-dark() tells which scheme is in use, whatever the page did to choose it.
  const probe = document.createElement('i');
  probe.style.color = 'light-dark(rgb(0, 0, 0), rgb(1, 1, 1))';
  root.append(probe);
  const theme = getComputedStyle(probe).color === 'rgb(1, 1, 1)' ? 'dark' : 'light';
  probe.remove();
  return { theme, colours };
}
