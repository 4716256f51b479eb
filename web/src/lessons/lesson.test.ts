import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseLesson } from './lesson.js';

const folder = fileURLToPath(new URL('../../lessons/', import.meta.url));
const files = readdirSync(folder).filter(f => /^\d.*\.md$/.test(f));

describe('a lesson', () => {
  it.each(files)('%s has every part, with wrong answers among the choices', file => {
    const lesson = parseLesson(file.replace('.md', ''), readFileSync(folder + file, 'utf8'));
    expect(lesson.title).not.toBe('');
    expect(lesson.sections.length).toBeGreaterThan(0);
    expect(lesson.program).toMatch(/^(package|func|import|-- )/m);
    expect(new Set(lesson.choices.map(c => c.expectation)).size).toBe(lesson.choices.length);
    for (const part of [lesson.intro, lesson.compare, lesson.attempt, lesson.question]) {
      expect(part).not.toBe('');
      expect(part.split(/\s+/).length).toBeLessThanOrEqual(130);
    }
  });
  it('without a part is refused', () => {
    expect(() => parseLesson('x', 'no head')).toThrow('no head');
    expect(() => parseLesson('x', '---\ntitle: t\n---\n\ntext\n')).toThrow('no program');
  });
});
