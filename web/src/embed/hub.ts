// The hidden frame that owns the engine for every widget of a page. It listens to the document that holds it, and to
// nothing but requests for a port; what arrives on a port can reach the engine and nothing else of this origin.
import { engineClient } from '../app/engine.js';
import { serveEngine } from '../engine/engine-port.js';
import { dialect, isMessage, type Here } from '../widget/messages.js';

addEventListener('message', e => {
  const port = e.ports[0];
  if (e.source === parent && e.source !== window && isMessage(e.data, 'connect') && port)
    serveEngine(engineClient(), port);
});
parent.postMessage({ escapement: dialect, kind: 'here' } satisfies Here, '*');
