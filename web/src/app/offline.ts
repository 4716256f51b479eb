// Works offline: registers the service worker once the page has shown its first answer, says when everything is there
// without a network, and offers a new version without ever forcing it.

/** What the page tells the reader, in the bar. */
export interface OfflineNews {
  readonly sentence: string;
  /** Takes the new version; the page loads again. */
  readonly update?: () => void;
}

const tell = (news: OfflineNews): void => {
  document.dispatchEvent(new CustomEvent('escapement-offline', { detail: news }));
};

async function register(): Promise<void> {
  const first = !navigator.serviceWorker.controller;
  const registration = await navigator.serviceWorker.register('./sw.js', { updateViaCache: 'none' });
  const offer = (worker: ServiceWorker): void => {
    const update = (): void => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () =>
        tell({ sentence: 'Close the other tabs of Escapement first; the new version comes then.' });
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      worker.postMessage('use this version', [channel.port2]);
    };
    tell({ sentence: 'A new version is ready.', update });
  };
  if (registration.waiting && !first) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && registration.active) offer(worker);
    });
  });
  await navigator.serviceWorker.ready;
  if (first) tell({ sentence: 'Ready offline.' });
}

let begun = false;

/** Registers once; what forbids it (a private window, no https) leaves the page as it is. */
function begin(): void {
  if (begun || !('serviceWorker' in navigator) || import.meta.env.DEV) return;
  begun = true;
  register().catch(() => {});
}

// The playground says when its first verdict is there; pages for reading are ready when they have loaded.
document.addEventListener('ready', begin);
if (!document.querySelector('escapement-playground'))
  globalThis.addEventListener('load', () => setTimeout(begin, 1000));
