// The lessons of web/lessons, with their prose rendered when the site is built.
import type { Lesson } from './lesson.js';

/** A lesson with its Markdown as HTML of our own making. */
export interface LessonDocument extends Lesson {
  /** The question, without a paragraph around it. */
  readonly teaserHtml: string;
  readonly introHtml: string;
  readonly choiceHtml: readonly string[];
  readonly questionHtml: string;
  readonly compareHtml: string;
  readonly attemptHtml: string;
}

const found = import.meta.glob<LessonDocument>('../../lessons/[0-9]*.md', { import: 'default', eager: true });

export const lessons: readonly LessonDocument[] = Object.entries(found)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([, lesson]) => lesson);
