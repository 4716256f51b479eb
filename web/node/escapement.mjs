// The WebAssembly engine with the command's words, in Node: what the tests put beside the native one.
//   node web/node/escapement.mjs run [-stress=gc|stack] [-seed=N] FILE.go [args]
//   node web/node/escapement.mjs trace -format=hash [run's flags] FILE.go
//   node web/node/escapement.mjs build -gcflags=FLAGS FILE.go
//   node web/node/escapement.mjs tool compile FLAGS FILE.go
import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const build = fileURLToPath(new URL('../../build/', import.meta.url));

/** An engine with the standard library in it. */
export async function openEngine() {
  const { WasmEngine } = await import(`${build}wasm/wasm-module.mjs`);
  const engine = new WasmEngine(await WebAssembly.compile(readFileSync(`${build}wasm/engine.wasm`)));
  for (const name of readdirSync(`${build}packs`)
    .filter(f => f.endsWith('.pack'))
    .sort()) {
    if (!engine.addPack(readFileSync(`${build}packs/${name}`)))
      throw new Error(`${name} is no pack of this engine`);
  }
  return engine;
}

/** Splits words into flags and the rest; a flag ends at the first word that is none. */
function flagsOf(words) {
  const flags = [];
  while (words[0]?.startsWith('-')) flags.push(words.shift());
  return flags;
}

const filesOf = names => names.map(n => ({ name: basename(n), text: readFileSync(n, 'utf8') }));
const print = messages => {
  for (const m of messages) process.stderr.write(`${m.position ? `${m.position}: ` : ''}${m.text}\n`);
};

/** Runs a program; its output goes through, or with `trace` the trace follows in a format. */
async function run(words, trace) {
  const flags = Object.fromEntries(flagsOf(words).map(f => f.replace(/^-+/, '').split('=')));
  const [file, ...args] = words;
  const options = {
    seed: Number(flags.seed ?? 1),
    stress: flags.stress ?? '',
    ...(flags['host-stack'] && { hostStack: Number(flags['host-stack']) }),
    arguments: args,
    trace,
    outputLimit: 1 << 30,
    // A trace has no environment, so that it can be repeated anywhere.
    environment: trace ? [] : Object.entries(process.env).map(([name, value]) => `${name}=${value}`),
    directory: process.cwd(),
  };
  if (!process.stdin.isTTY) options.input = readFileSync(0, 'utf8');
  const engine = await openEngine();
  const session = engine.open();
  const check = JSON.parse(engine.ask('start', session, { files: filesOf([file]), options }));
  if (!check.ok) {
    print(check.messages);
    return 1;
  }
  for (;;) {
    const slice = JSON.parse(engine.step(session, 1_000_000));
    if (!trace) {
      process.stdout.write(slice.output);
      process.stderr.write(slice.errorOutput);
    }
    if (slice.state === 'running') continue;
    if (!trace) return slice.exitStatus;
    process.stdout.write(engine.export(session, flags.format ?? 'json'));
    return 0;
  }
}

async function compile(flags, files, naming) {
  const engine = await openEngine();
  const check = JSON.parse(engine.ask('check', engine.open(), { files: filesOf(files), flags, naming }));
  print(check.messages);
  return check.ok ? 0 : 1;
}

async function main([command, ...words]) {
  if (command === 'run' || command === 'trace') return run(words, command === 'trace');
  if (command === 'build') {
    const flags = flagsOf(words).map(f => /^-gcflags=(.*)$/s.exec(f)?.[1] ?? ''); // -snippet is always meant
    return compile(flags.join(' '), words, 'build');
  }
  if (command === 'tool' && words.shift() === 'compile')
    return compile(flagsOf(words).join(' '), words, 'compile');
  process.stderr.write('usage: escapement.mjs run|trace|build|tool compile [flags] FILE.go\n');
  return 2;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
