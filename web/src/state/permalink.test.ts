import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeProgram, decodeState, encodeProgram, encodeState } from './permalink.js';

describe('the program in the address', () => {
  it('comes back as it went in', async () => {
    for (const text of ['', 'package main\n', 'föö 😀 \u202e <script>', 'x'.repeat(100_000)]) {
      const fragment = await encodeProgram(text);
      expect(fragment).toMatch(/^#v1:[\w-]*$/);
      expect(await decodeProgram(fragment)).toBe(text);
      expect(await decodeProgram(`${fragment}&t=3`)).toBe(text);
    }
  });
  it('is what deflate-raw makes elsewhere', async () => {
    expect(await decodeProgram(`#v1:${deflateRawSync('package p').toString('base64url')}`)).toBe('package p');
  });
  it('holds nothing in other fragments', async () => {
    expect(await decodeProgram('')).toBeNull();
    expect(await decodeProgram('#v2:abc')).toBeNull();
  });
  it('refuses what is damaged, and what unpacks to too much', async () => {
    await expect(decodeProgram('#v1:%%%')).rejects.toThrow('damaged');
    await expect(decodeProgram('#v1:AAAA')).rejects.toThrow('damaged');
    const bomb = deflateRawSync(Buffer.alloc(1 << 24)).toString('base64url');
    await expect(decodeProgram(`#v1:${bomb}`)).rejects.toThrow('too large');
  });
});

describe('what a link holds besides', () => {
  it('comes back as it went in', () => {
    const state = {
      options: { gcPercent: 50, heapMinimum: 16384, stackStart: 8192, seed: 7, input: 'a & b\n' },
      moment: { event: 3, step: 99, statement: 1 },
      line: 12,
    };
    expect(decodeState(`#v1:abc${encodeState(state)}`)).toEqual(state);
    expect(encodeState({ options: { gcPercent: 100, seed: 1 }, moment: null, line: null })).toBe('');
  });
  it('passes over what is unknown or out of bounds', () => {
    const nothing = { options: {}, moment: null, line: null };
    for (const bad of [
      '&seed=0',
      '&gogc=x',
      '&floor=1e99',
      '&t=1.2',
      '&sel=-1',
      '&stdin=%',
      '&__proto__=1',
      '&&=&',
    ])
      expect(decodeState(`#v1:abc${bad}`)).toEqual(nothing);
  });
});
