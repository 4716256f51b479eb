// The package's own packs. scripts/build_package writes their real addresses in this module's place, each as a literal
// `new URL(…, import.meta.url)`, which bundlers follow; in the source tree there are none.
import type { PackAddress } from '../engine/packs.js';

export const ownPacks: readonly PackAddress[] = [];
export const ownWasm = 'engine.wasm';
