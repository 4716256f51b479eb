import { describe, expect, it } from 'vitest';
import { formatFiles, parseFiles } from './txtar.js';

describe('several files in one text', () => {
  it('come back as they went in', () => {
    const files = [
      { name: 'main.go', text: 'package main\n' },
      { name: 'go.mod', text: 'module m\n' },
      { name: 'a/b.go', text: '' },
    ];
    expect(parseFiles(formatFiles(files))).toEqual(files);
  });
  it('is one file without markers', () => {
    expect(parseFiles('package main\n-- not\n')).toEqual([
      { name: 'main.go', text: 'package main\n-- not\n' },
    ]);
    expect(formatFiles([{ name: 'main.go', text: 'x' }])).toBe('x');
  });
  it('keeps what stands before the first marker, and names with spaces', () => {
    expect(parseFiles('package main\n-- in put.txt --\r\n1\n')).toEqual([
      { name: 'main.go', text: 'package main\n' },
      { name: 'in put.txt', text: '1\n' },
    ]);
  });
});
