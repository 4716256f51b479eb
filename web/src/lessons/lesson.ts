// A lesson as its Markdown file tells it: a head, prose and one program, what has to hold, a question whose choices
// are expectations, what to compare, what to try. Pure: Markdown stays Markdown here.

export interface Choice {
  readonly text: string;
  /** What the choice amounts to; the engine judges it. */
  readonly expectation: string;
}

export interface Lesson {
  /** The file's name without its ending: 05-stack-grows. */
  readonly id: string;
  readonly title: string;
  /** Sections of the teaching documents that it covers. */
  readonly sections: readonly string[];
  readonly intro: string;
  readonly program: string;
  /** Flags of the run, as `escapement run` has them. */
  readonly flags: readonly string[];
  readonly expect: string;
  readonly question: string;
  readonly choices: readonly Choice[];
  readonly compare: string;
  readonly attempt: string;
}

interface Fence {
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
}

const fence = /^```(\w+)([^\n]*)\n([\s\S]*?)^```\n?/gm;

/** The fenced blocks of a text, and the text without them. */
function fences(text: string): { blocks: Fence[]; rest: string } {
  const blocks: Fence[] = [];
  const rest = text.replace(fence, (_, language: string, words: string, body: string) => {
    blocks.push({ language, words: words.trim().split(/\s+/).filter(Boolean), text: body });
    return '';
  });
  return { blocks, rest: rest.trim() };
}

/** Reads a lesson. Throws when a part is missing: a lesson is ours to get right. */
export function parseLesson(id: string, markdown: string): Lesson {
  const head = /^---\n([\s\S]*?)\n---\n/.exec(markdown);
  if (!head) throw new Error(`${id}: no head`);
  const field = (name: string): string => new RegExp(`^${name}: *(.*)$`, 'm').exec(head[1]!)?.[1] ?? '';
  const [before = '', ...parts] = markdown.slice(head[0].length).split(/^## /m);
  const part = (name: string): string => {
    const found = parts.find(p => p.startsWith(`${name}\n`));
    if (!found) throw new Error(`${id}: no part “${name}”`);
    return found.slice(name.length + 1).trim();
  };
  const { blocks, rest } = fences(before);
  const program = blocks.find(b => b.language === 'go');
  const expect = blocks.find(b => b.language === 'expect');
  if (!program || !expect) throw new Error(`${id}: no program or no expectations`);
  const predict = part('Predict');
  const choices = [...predict.matchAll(/^- ([\s\S]*?) `([^`]+)`[ \t]*$/gm)].map(m => ({
    text: m[1]!.replace(/\s+/g, ' '),
    expectation: m[2]!,
  }));
  if (choices.length < 2) throw new Error(`${id}: no choices`);
  return {
    id,
    title: field('title'),
    sections: field('sections')
      .replace(/^\[|\]$/g, '')
      .split(/,\s*/)
      .filter(Boolean),
    intro: rest,
    program: program.text,
    flags: program.words,
    expect: expect.text,
    question: predict.slice(0, predict.indexOf('\n- ')).trim(),
    choices,
    compare: part('Compare'),
    attempt: part('Try'),
  };
}
