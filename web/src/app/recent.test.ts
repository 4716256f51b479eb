import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keepRecent, recentPrograms } from './recent.js';

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (k: string) => kept.get(k) ?? null,
    setItem: (k: string, v: string) => kept.set(k, v),
  });
});

describe('the last programs', () => {
  it('are kept newest first, twenty at most, one of each', () => {
    for (let i = 0; i < 25; i++) keepRecent(`package main\n\nfunc f${i}() {}\n`);
    keepRecent('package main\n\nfunc f10() { println() }\n');
    const titles = recentPrograms().map(r => r.title);
    expect(titles).toHaveLength(20);
    expect(titles.slice(0, 2)).toEqual(['f10', 'f24']);
    expect(recentPrograms()[0]!.text).toContain('println');
  });
  it('survive a storage that holds nonsense', () => {
    localStorage.setItem('escapement.recent', '{"a":1}');
    expect(recentPrograms()).toEqual([]);
    localStorage.setItem('escapement.recent', '[1,"x"]');
    expect(recentPrograms()).toHaveLength(1);
    localStorage.setItem('escapement.recent', '{');
    expect(recentPrograms()).toEqual([]);
  });
});
