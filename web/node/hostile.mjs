// Programs that ask for too much, on one WebAssembly instance with the page's own limits: each must end with Go's
// text, leave its trace, and leave the instance fit for the next. Closes with `N passed, N failed`.
//   node web/node/hostile.mjs [NAME…]
import { openEngine } from './escapement.mjs';

const main = (body, imports = '') =>
  `package main\n\n${imports}\nfunc main() {\n\tprintln("before")\n${body}\n}\n`;

/** Each: a program, how it must end, and what its standard error must have; or with what it is refused. */
const cases = {
  'endless recursion': {
    text: main('\tprintln(f(0))', 'func f(n int) int { return f(n+1) + 1 }\n'),
    exit: 2,
    says: [
      'before',
      'runtime: goroutine stack exceeds 1000000000-byte limit',
      'fatal error: stack overflow',
      'frames elided...',
    ],
    note: true,
  },
  'endless recursion that allocates': {
    text: main('\tf(nil)', 'type node struct{ next *node }\n\nfunc f(n *node) { f(&node{n}) }\n'),
    exit: 2,
    says: ['fatal error: stack overflow'],
    note: true,
  },
  'make([]byte, 1<<40)': {
    text: main('\tn := 1 << 40\n\tprintln(len(make([]byte, n)))'),
    exit: 2,
    says: ['runtime: out of memory: cannot allocate 1099511627776-byte block', 'fatal error: out of memory'],
  },
  'retained heap': {
    text: main('\tfor {\n\t\tkept = append(kept, make([]byte, 16<<20))\n\t}', 'var kept [][]byte\n'),
    exit: 2,
    says: ['runtime: out of memory: cannot allocate', 'fatal error: out of memory'],
    note: true,
  },
  'a variable larger than a symbol may be': {
    text: main('\tprintln(a[1] == nil)', 'var a [1 << 36]*int\n'),
    refused: 'main.a: symbol too large (549755813888 bytes > 2000000000 bytes)',
  },
  'an array literal larger than memory': {
    text: main('\ta := [...]byte{1 << 40: 1}\n\tprintln(len(a))'),
    exit: 2,
    says: ["fatal error: out of memory: the program's static data is too large"],
  },
  deadlock: {
    text: main('\t<-make(chan int)'),
    exit: 2,
    says: ['fatal error: all goroutines are asleep - deadlock!', 'goroutine 1 [chan receive]:'],
  },
  'nil dereference': {
    text: main('\tvar p *int\n\t*p = 1'),
    exit: 2,
    says: ['panic: runtime error: invalid memory address or nil pointer dereference', '[signal SIGSEGV'],
  },
  'for {}': { text: main('\tfor {\n\t}'), stop: true, says: ['before'] },
  'for {} in init': {
    text: `package main\n\nfunc init() {\n\tprintln("before")\n\tfor {\n\t}\n}\n\nfunc main() {}\n`,
    stop: true,
    says: ['before'],
  },
  'output without end': {
    text: main(
      '\tfor {\n\t\tprintln("again and again and again and again and again and again and again")\n\t}',
    ),
    stopped: true,
    says: ['before', 'Output too large'],
  },
};

const slice = 1_000_000;
const slicesBeforeStop = 20;

/** Runs a program as the page does; what it ended with. */
function run(engine, text, stopAfter = Infinity) {
  const session = engine.open();
  const files = [{ name: 'main.go', text }];
  const check = JSON.parse(engine.ask('start', session, { files, options: { trace: true } }));
  if (!check.ok) {
    engine.close(session);
    return { refused: check.messages[0].text };
  }
  let said = '';
  let last;
  for (let slices = 0; ; slices++) {
    if (slices === stopAfter) engine.stop(session);
    last = JSON.parse(engine.step(session, slice));
    said += last.output + last.errorOutput;
    if (last.state !== 'running') break;
  }
  const overview = JSON.parse(engine.overview(session));
  engine.close(session);
  return { ...last, said, traced: overview.events };
}

function faults(engine, what) {
  const end = run(engine, what.text, what.stop ? slicesBeforeStop : Infinity);
  const wrong = end.refused !== what.refused ? [`is refused with ${end.refused}`] : [];
  if (!end.refused && !what.refused) wrong.push(...endFaults(end, what));
  const next = run(engine, main(''));
  if (next.said !== 'before\n' || next.exitStatus !== 0) wrong.push('the next program does not run');
  return wrong;
}

function endFaults(end, { exit, says, note, stop, stopped }) {
  const wrong = says.filter(s => !end.said.includes(s)).map(s => `does not say ${JSON.stringify(s)}`);
  if (stop || stopped ? end.state !== 'stopped' : end.state !== 'exited' || end.exitStatus !== exit)
    wrong.push(`ended as ${end.state} with status ${end.exitStatus}`);
  if (Boolean(end.note) !== Boolean(note)) wrong.push(`its note is ${JSON.stringify(end.note)}`);
  if (!(end.traced > 0)) wrong.push('left no trace');
  return wrong;
}

const wanted = process.argv.slice(2);
const engine = await openEngine();
let passed = 0;
let failed = 0;
for (const [name, what] of Object.entries(cases)) {
  if (wanted.length && !wanted.includes(name)) continue;
  let wrong;
  try {
    wrong = faults(engine, what);
  } catch (error) {
    wrong = [`the engine is lost: ${error.message}`];
  }
  if (wrong.length === 0) passed++;
  else failed++;
  for (const w of wrong) console.log(`FAIL ${name}: ${w}`);
  if (engine.dead) break;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
