import { describe, expect, it } from 'vitest';
import { linkedProgram } from './linked-program.js';

const here = 'https://escapement.test/index.html';
const answering =
  (body: BodyInit, status = 200): typeof fetch =>
  () =>
    Promise.resolve(new Response(body, { status }));

describe('a program that the query names', () => {
  it('is text in src, an address in url, and mostly neither', async () => {
    expect(await linkedProgram('', here)).toBeNull();
    expect(await linkedProgram('?src=package%20main%0A', here)).toBe('package main\n');
    const asked: string[] = [];
    const get: typeof fetch = (address, options) => {
      asked.push(`${String(address)} ${options!.credentials}`);
      return Promise.resolve(new Response('package main\n'));
    };
    expect(await linkedProgram('?url=https://elsewhere.test/a.go', here, get)).toBe('package main\n');
    await linkedProgram('?url=b.go', here, get);
    expect(asked).toEqual(['https://elsewhere.test/a.go omit', 'https://escapement.test/b.go omit']);
  });
  it('is refused in a sentence', async () => {
    const large = 'x'.repeat((1 << 18) + 1);
    const because = (query: string, get: typeof fetch): Promise<string> =>
      linkedProgram(query, here, get).then(
        () => '',
        (e: Error) => e.message,
      );
    expect(await because('?url=a.go', answering('', 404))).toBe('escapement.test/a.go answered 404');
    expect(await because('?url=a.go', () => Promise.reject(new TypeError()))).toContain('(CORS)');
    expect(await because('?url=javascript:1', answering(''))).toContain('no web address');
    expect(await because('?url=a.go', answering(large))).toContain('too large');
    expect(await because(`?src=${large}`, answering(''))).toContain('too large');
    expect(await because('?url=a.go', answering(new Uint8Array([0xff, 0xfe])))).toContain('no text');
  });
});
