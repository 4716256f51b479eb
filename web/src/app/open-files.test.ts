import { describe, expect, it } from 'vitest';
import { programOf } from './open-files.js';

const file = (name: string, text: string): File => new File([text], name);

describe('opened files', () => {
  it('make one program; what is not Go is left out', async () => {
    expect(await programOf([file('a.go', 'package main\n')])).toBe('package main\n');
    expect(
      await programOf([file('a.go', 'package main\n'), file('b.go', 'package main\n'), file('c.txt', '')]),
    ).toBe('-- a.go --\npackage main\n-- b.go --\npackage main\n');
    expect(await programOf([file('c.txt', 'x')])).toBeNull();
  });
  it('may be too large', async () => {
    expect(await programOf([file('a.go', 'x'.repeat(1 << 19))])).toBeNull();
  });
});
