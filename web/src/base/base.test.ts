import { describe, expect, it } from 'vitest';
import { bytes, count, counted } from './format.js';
import { clamp, pan, toAxis, toPixels, zoom } from './span.js';
import { utf16Column } from './text.js';

describe('figures', () => {
  it('says sizes in binary units', () => {
    expect([0, 24, 1023, 1024, 1434, 10_240, 4 << 20, 1.5 * 2 ** 30].map(bytes)).toEqual([
      '0 B',
      '24 B',
      '1023 B',
      '1 KiB',
      '1.4 KiB',
      '10 KiB',
      '4 MiB',
      '1.5 GiB',
    ]);
    expect(bytes(1024 * 1024 - 1)).toBe('1 MiB');
  });
  it('counts', () => {
    expect(count(1234567)).toBe('1,234,567');
    expect(counted(1, 'object')).toBe('1 object');
    expect(counted(0, 'object')).toBe('0 objects');
  });
});

describe('spans', () => {
  const whole = { begin: 100, end: 1100 };
  it('zooms about an anchor that stays in place', () => {
    const from = { begin: 200, end: 600 };
    const to = zoom(from, 0.5, 300, whole);
    expect(toPixels(to, 300, 800)).toBeCloseTo(toPixels(from, 300, 800));
    expect(to.end - to.begin).toBe(200);
  });
  it('never leaves the whole', () => {
    expect(pan({ begin: 100, end: 300 }, -2, whole)).toEqual({ begin: 100, end: 300 });
    expect(pan({ begin: 900, end: 1100 }, 5, whole)).toEqual({ begin: 900, end: 1100 });
    expect(zoom(whole, 9, 500, whole)).toEqual(whole);
    expect(clamp({ begin: 0, end: 5000 }, whole)).toEqual(whole);
  });
  it('maps pixels and axis back and forth', () => {
    expect(toAxis(whole, toPixels(whole, 321, 777), 777)).toBeCloseTo(321);
  });
});

describe('columns', () => {
  it('turns byte columns into UTF-16 columns', () => {
    expect(utf16Column('x := "héllo"; y', 1)).toBe(1);
    expect(utf16Column('"é" + y', 6)).toBe(5);
    expect(utf16Column('"😀" + y', 8)).toBe(6);
  });
});

describe('text that runs both ways', () => {});
