// The engine as a WebAssembly instance: the few WASI calls that its C library asks for, and strings in and out.
// Works in a worker and in Node; there is no generated glue.

/** The C exports of engine/wasm/bindings.cpp. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(size: number): number;
  free(pointer: number): void;
  engine_result_data(): number;
  engine_result_size(): number;
  engine_version(): void;
  engine_add_pack(data: number, size: number): number;
  engine_open(): number;
  engine_close(session: number): void;
  engine_check(session: number, json: number, size: number): void;
  engine_start(session: number, json: number, size: number): void;
  engine_step(session: number, steps: number): void;
  engine_stop(session: number): void;
  engine_overview(session: number): void;
  engine_facts(session: number): void;
  engine_tiles(session: number, json: number, size: number): void;
  engine_allocations(session: number, json: number, size: number): void;
  engine_inspect(session: number, json: number, size: number): void;
  engine_alive(session: number, json: number, size: number): void;
  engine_frames(session: number, json: number, size: number): void;
  engine_expect(session: number, json: number, size: number): void;
  engine_snapshot(session: number, json: number, size: number): void;
  engine_export(session: number, json: number, size: number): void;
}

/** What is asked with a question in JSON and answered in JSON. */
export type Asked =
  'check' | 'start' | 'allocations' | 'inspect' | 'alive' | 'frames' | 'expect' | 'snapshot';

/** The engine stopped itself: a broken invariant, or memory or stack that ran out. */
export class EngineFailure extends Error {
  override name = 'EngineFailure';
}

/** One instance of the engine. After an EngineFailure it is dead and must be replaced. */
export class WasmEngine {
  private readonly exports: Exports;
  private said = '';
  dead = false;

  constructor(module: WebAssembly.Module) {
    const instance = new WebAssembly.Instance(module, {
      env: { emscripten_notify_memory_growth() {} },
      wasi_snapshot_preview1: {
        proc_exit: (status: number) => {
          throw new EngineFailure(`the engine exited with status ${status}`);
        },
        fd_close: () => 8,
        fd_seek: () => 8,
        fd_read: () => 8,
        fd_fdstat_get: () => 8,
        environ_sizes_get: (count: number, size: number) => this.zero(count, size),
        environ_get: () => 0,
        clock_time_get: () => 52,
        fd_write: (_fd: number, vectors: number, n: number, written: number) =>
          this.write(vectors, n, written),
      },
    });
    this.exports = instance.exports as unknown as Exports;
    this.exports._initialize();
  }

  version(): { version: string; go: string } {
    this.guard(e => e.engine_version());
    return JSON.parse(this.text()) as { version: string; go: string };
  }

  /** Adds a standard-library pack; false when its bytes are not one of this engine's. */
  addPack(bytes: Uint8Array): boolean {
    return this.guard(e => {
      const at = this.put(bytes);
      return e.engine_add_pack(at, bytes.length) === 1;
    });
  }

  open(): number {
    return this.guard(e => e.engine_open());
  }

  close(session: number): void {
    if (!this.dead) this.guard(e => e.engine_close(session));
  }

  step(session: number, steps: number): string {
    this.guard(e => e.engine_step(session, steps));
    return this.text();
  }

  stop(session: number): void {
    this.guard(e => e.engine_stop(session));
  }

  overview(session: number): string {
    this.guard(e => e.engine_overview(session));
    return this.text();
  }

  facts(session: number): string {
    this.guard(e => e.engine_facts(session));
    return this.text();
  }

  /** The whole trace in a format; a copy that may be transferred. */
  export(session: number, format: string): Uint8Array {
    this.send('engine_export', session, { format });
    return new Uint8Array(this.result());
  }

  /** A question in JSON with an answer in JSON. */
  ask(what: Asked, session: number, question: unknown): string {
    this.send(`engine_${what}`, session, question);
    return this.text();
  }

  /** The timeline's figures; a copy that may be transferred. */
  tiles(session: number, request: unknown): Float64Array {
    this.send('engine_tiles', session, request);
    return new Float64Array(this.result());
  }

  /** A copy of the answer's bytes. */
  private result(): ArrayBuffer {
    const e = this.exports;
    const at = e.engine_result_data();
    return e.memory.buffer.slice(at, at + e.engine_result_size()) as ArrayBuffer;
  }

  private send(name: `engine_${Asked | 'tiles' | 'export'}`, session: number, question: unknown): void {
    const bytes = new TextEncoder().encode(JSON.stringify(question));
    this.guard(e => {
      const at = this.put(bytes);
      e[name](session, at, bytes.length);
      e.free(at);
    });
  }

  private put(bytes: Uint8Array): number {
    const at = this.exports.malloc(bytes.length || 1);
    if (at === 0) throw new EngineFailure('the engine is out of memory');
    new Uint8Array(this.exports.memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  private text(): string {
    const e = this.exports;
    const at = e.engine_result_data();
    return new TextDecoder().decode(new Uint8Array(e.memory.buffer, at, e.engine_result_size()));
  }

  /** Runs `body`; a trap becomes an EngineFailure with what the engine said before it. */
  private guard<T>(body: (e: Exports) => T): T {
    if (this.dead) throw new EngineFailure('the engine has stopped');
    this.said = '';
    try {
      return body(this.exports);
    } catch (error) {
      this.dead = true;
      const reason = error instanceof Error ? error.message : String(error);
      throw new EngineFailure(this.said.trim() || reason);
    }
  }

  private zero(...pointers: number[]): number {
    const view = new DataView(this.exports.memory.buffer);
    for (const p of pointers) view.setUint32(p, 0, true);
    return 0;
  }

  private write(vectors: number, n: number, written: number): number {
    const view = new DataView(this.exports.memory.buffer);
    let total = 0;
    for (let i = 0; i < n; i++) {
      const at = view.getUint32(vectors + 8 * i, true);
      const size = view.getUint32(vectors + 8 * i + 4, true);
      this.said += new TextDecoder().decode(new Uint8Array(this.exports.memory.buffer, at, size));
      total += size;
    }
    view.setUint32(written, total, true);
    return 0;
  }
}
