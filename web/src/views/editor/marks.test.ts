import { describe, expect, it } from 'vitest';
import type { CheckAnswer, Verdict } from '../../protocol/answers.generated.js';
import { goTokens } from './go-words.js';
import { explain } from '../../model/verdict-words.js';
import { allocationNotes, endColumn, faultMarks, verdictMarks, withSurprises } from './marks.js';

const verdict: Verdict = {
  file: './main.go',
  line: 2,
  column: 5,
  function: 'main.f',
  subject: 'x',
  text: 'moved to heap: x',
  region: 'heap',
  path: [{ position: './main.go:3:9', line: 3, column: 9, text: '&x', why: 'address-of' }],
};
const source = 'func f() *int {\n    x := 42\n    return &x\n}\n';

describe('marks over the source', () => {
  it('cover what the verdict is about', () => {
    const answer: CheckAnswer = {
      ok: true,
      messages: [],
      verdicts: [verdict, { ...verdict, region: 'stack', column: 10, subject: '42' }],
    };
    const marks = verdictMarks(source, 'main.go', answer, 'all');
    expect(marks.map(m => [m.line, m.column, m.endColumn, m.region])).toEqual([
      [2, 5, 6, 'heap'],
      [2, 10, 12, 'stack'],
    ]);
    expect(marks[0]!.hover[1]).toBe('The compiler: ./main.go:2:5: moved to heap: x');
    expect(verdictMarks(source, 'main.go', answer, 'heap')).toHaveLength(1);
  });
  it('find the end of literals, calls and words', () => {
    expect(endColumn('p := &Person{Name: "A"}', 6, '&Person{...}')).toBe(13);
    expect(endColumn('fmt.Println(p)', 12, '... argument')).toBe(15);
    expect(endColumn('f(")" + g(1)) + 2', 2, '')).toBe(14);
    expect(endColumn('f(', 2, '')).toBe(3);
    expect(endColumn('x', 1, '')).toBe(2);
    expect(endColumn('', 1, 'x')).toBe(2);
  });
  it('stay inside the line for faults past its end', () => {
    const answer: CheckAnswer = {
      ok: false,
      messages: [
        { severity: 'error', file: './main.go', line: 9, column: 0, position: './main.go:9', text: 'oh' },
      ],
      verdicts: [],
    };
    expect(faultMarks(source, 'main.go', answer)).toEqual([
      { line: 9, column: 1, endColumn: 2, text: 'oh', warning: false },
    ]);
  });
  it('tell warnings from errors', () => {
    const text = 'package main\n\nfunc main() { fmt.Printf("%d", "x") }';
    const message = {
      severity: 'warning' as const,
      file: './main.go',
      line: 3,
      column: 26,
      position: './main.go:3:26',
      text: 'fmt.Printf format %d has arg "x" of wrong type string',
    };
    const [mark] = faultMarks(text, 'main.go', { ok: true, messages: [message], verdicts: [] });
    expect(mark).toMatchObject({ line: 3, column: 26, warning: true });
  });
  it('explain without saying that anything moves', () => {
    expect(explain(verdict)).toBe(
      'x lives on the heap from the start, because its address is taken on line 3.',
    );
  });
});

describe('notes at line ends', () => {
  it('add up a line’s allocations', () => {
    const row = { billedLine: 6, owner: 'mine', objects: 2, bytes: 48 } as never;
    const library = { billedLine: 9, owner: 'library', objects: 3, bytes: 100 } as never;
    const closure = { billedLine: 7, owner: 'mine', objects: 1, bytes: 16 } as never;
    const goroutine = { billedLine: 7, owner: 'runtime', objects: 1, bytes: 480 } as never;
    expect(allocationNotes([row, row, closure, goroutine, library]).map(n => n.text)).toEqual([
      'heap · 96 B ×4',
      'heap · 16 B + 480 B in the library',
      'heap · 100 B ×3 in the library',
    ]);
  });
  it('say where verdict and run differ', () => {
    const fact = (line: number, surprise: string): unknown => ({ file: './main.go', line, surprise });
    const verdicts = [fact(2, 'allocates'), fact(3, 'no allocation'), fact(4, 'no allocation'), fact(5, '')];
    const note = (line: number, text: string) => ({ line, region: 'heap' as const, text });
    const notes = [note(2, 'heap · 48 B'), note(3, 'heap · 352 B ×4 in the library'), note(5, 'heap · 8 B')];
    expect(withSurprises('main.go', { verdicts } as never, notes)).toEqual([
      note(3, 'surprise · allocates nothing'),
      note(4, 'surprise · allocates nothing'),
      note(2, 'surprise · heap · 48 B'),
      notes[1],
      notes[2],
    ]);
    expect(withSurprises('other.go', { verdicts } as never, notes)).toEqual(notes);
  });
});

describe('the light highlighter', () => {
  it('loses nothing', () => {
    for (const text of [source, 'a := `raw\n// no`', '/* open', '"open\nx', "r := '\\''", '\u202eevil'])
      expect(
        goTokens(text)
          .map(t => t.text)
          .join(''),
      ).toBe(text);
  });
  it('shows bidirectional controls in strings and comments too', () => {
    const kinds = goTokens('x := "a\u202eb" // \u2066c').map(t => t.kind);
    expect(kinds).toEqual(['', 'string', 'bidi', 'string', '', 'comment', 'bidi', 'comment']);
  });
  it('knows words, strings and comments', () => {
    const kinds = goTokens('func main() { x := "s" // c\n}')
      .filter(t => t.kind)
      .map(t => `${t.kind}:${t.text}`);
    expect(kinds).toEqual(['keyword:func', 'string:"s"', 'comment:// c']);
  });
});
