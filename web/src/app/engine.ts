// The page's one EngineClient: where its worker, its wasm and the packs are.
import { EngineClient } from '../engine/engine-client.js';
import type { PackAddress } from '../engine/packs.js';
import EngineWorker from '../engine/worker.ts?worker';

/** Written by the build beside the packs: which belong to this version of the page. */
declare const __ENGINE__: {
  readonly wasm: string;
  readonly packs: readonly (Omit<PackAddress, 'address'> & { readonly file: string })[];
};

let client: EngineClient | undefined;

/** The client, made when first asked for. */
export function engineClient(): EngineClient {
  client ??= new EngineClient(() => new EngineWorker({ name: 'escapement' }), {
    wasm: new URL(__ENGINE__.wasm, document.baseURI).href,
    packs: __ENGINE__.packs.map(({ file, ...rest }) => ({
      ...rest,
      address: new URL(file, document.baseURI).href,
    })),
  });
  return client;
}
