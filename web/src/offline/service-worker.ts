// The service worker: every file of one version of the site, fetched whole before it is used. A new version waits
// until no tab uses the old one, or until the only tab asks for it; old and new files never meet.
import { cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';

/** Filled in by node/precache.mjs when the site is built. */
declare const __PRECACHE__: readonly PrecacheEntry[];

interface WorkerScope {
  skipWaiting(): Promise<void>;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(o: { type: 'window'; includeUncontrolled: true }): Promise<readonly unknown[]>;
  };
  addEventListener(
    kind: 'activate',
    listener: (e: Event & { waitUntil(p: Promise<unknown>): void }) => void,
  ): void;
  addEventListener(
    kind: 'message',
    listener: (e: MessageEvent & { waitUntil(p: Promise<unknown>): void }) => void,
  ): void;
}

const scope = self as unknown as WorkerScope;

// A file is the same whatever its address asks for; programs and moments stand after the #.
precacheAndRoute([...__PRECACHE__], { ignoreURLParametersMatching: [/.*/] });
cleanupOutdatedCaches();

// The first visit too: what its page has not loaded yet is there when the network goes.
scope.addEventListener('activate', event => event.waitUntil(scope.clients.claim()));

scope.addEventListener('message', event => {
  if (event.data !== 'use this version') return;
  event.waitUntil(
    scope.clients.matchAll({ type: 'window', includeUncontrolled: true }).then(windows => {
      if (windows.length <= 1) return scope.skipWaiting();
      event.ports[0]?.postMessage('others are open');
      return undefined;
    }),
  );
});
