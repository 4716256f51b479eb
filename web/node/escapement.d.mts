/** An engine with the standard library in it. */
export function openEngine(): Promise<import('../src/engine/wasm-module.js').WasmEngine>;
