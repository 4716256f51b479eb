// The frames that a page's widgets use: for each engine origin one hidden frame that owns the worker, and an editing
// frame for each widget that is awake. Frames of the engine's origin cannot be read by the page, nor read it.
import { dialect, isMessage, type Open } from './messages.js';

/** How long a frame may take to say that it listens. */
const patience = 20_000;
/** One table a page, whatever number of copies of this script it has. */
const key = Symbol.for('escapement.engines');

type Engines = Map<string, Promise<HTMLIFrameElement>>;
const page = globalThis as unknown as { [key]?: Engines };

/** Adds `frame` to `place` and waits until its document says, from its own origin, that it listens. */
function whenHere(frame: HTMLIFrameElement, place: Node, origin: string): Promise<HTMLIFrameElement> {
  return new Promise((resolve, reject) => {
    const end = (error?: string): void => {
      removeEventListener('message', hear);
      document.removeEventListener('securitypolicyviolation', forbidden);
      clearTimeout(late);
      if (error) reject(new Error(error));
      else resolve(frame);
    };
    const hear = (e: MessageEvent): void => {
      if (e.source === frame.contentWindow && e.origin === origin && isMessage(e.data, 'here')) end();
    };
    const forbidden = (e: SecurityPolicyViolationEvent): void => {
      if (/^(frame|child|default)-src/.test(e.effectiveDirective) && e.blockedURI.startsWith(origin))
        end('the page’s policy does not let the engine’s frame in (frame-src)');
    };
    const late = setTimeout(() => end('the engine’s frame does not answer'), patience);
    addEventListener('message', hear);
    document.addEventListener('securitypolicyviolation', forbidden);
    place.appendChild(frame);
  });
}

function newFrame(address: string, title: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.src = address;
  frame.title = title;
  frame.referrerPolicy = 'no-referrer';
  return frame;
}

/** The frame that owns the engine at `base`. A failure is forgotten, so that one may try again. */
async function engineFrame(base: URL): Promise<HTMLIFrameElement> {
  const engines = (page[key] ??= new Map() as Engines);
  let frame = engines.get(base.href);
  // A page that replaced its body took the frame with it.
  if (!frame || !(await frame).isConnected) {
    const element = newFrame(new URL('hub.html', base).href, 'Escapement engine');
    element.tabIndex = -1;
    element.setAttribute('aria-hidden', 'true');
    element.style.cssText =
      'position:fixed!important;width:1px!important;height:1px!important;inset:auto auto 0 0!important;border:0!important;opacity:0!important;pointer-events:none!important;display:block!important';
    frame = whenHere(element, document.body, base.origin);
    engines.set(base.href, frame);
    frame.catch(() => {
      engines.delete(base.href);
      element.remove();
    });
  }
  return frame;
}

/** An editing frame in `place`, connected to the page's engine: the frame, and the port on which it talks. */
export async function openFrame(
  base: URL,
  place: Node,
  open: () => Omit<Open, 'escapement' | 'kind'>,
): Promise<{ frame: HTMLIFrameElement; port: MessagePort }> {
  const frame = newFrame(new URL('embed.html', base).href, 'Go program');
  frame.allow = 'clipboard-write';
  try {
    const [engine] = await Promise.all([engineFrame(base), whenHere(frame, place, base.origin)]);
    const widget = new MessageChannel();
    const requests = new MessageChannel();
    engine.contentWindow!.postMessage({ escapement: dialect, kind: 'connect' }, base.origin, [
      requests.port1,
    ]);
    const message: Open = { escapement: dialect, kind: 'open', ...open() };
    frame.contentWindow!.postMessage(message, base.origin, [widget.port2, requests.port2]);
    return { frame, port: widget.port1 };
  } catch (error) {
    frame.remove();
    throw error;
  }
}
