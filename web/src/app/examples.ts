// The example menu: every program of web/examples, bundled as text.

const sources = import.meta.glob<string>('../../examples/*.go', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export interface Example {
  /** The file's name without number and ending: returned-pointer. */
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

const titles: Record<string, string> = {
  greet: 'A function that prints',
  'value-stays': 'A value that stays on the stack',
  'pointer-returned': 'A pointer that is returned',
  stack: 'Stack: a local variable',
  heap: 'Heap: new(Person)',
  static: 'Static: a global variable',
  'returned-pointer': 'Escape: a returned pointer',
  goroutine: 'Escape: into a goroutine',
  closure: 'Escape: into a closure',
  interface: 'Escape: into an interface',
};

export const examples: readonly Example[] = Object.entries(sources)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([path, text]) => {
    const name = path.replace(/^.*\/\d*-?/, '').replace(/\.go$/, '');
    return { name, title: titles[name] ?? name, text };
  });

/** What a first visit shows. */
export const firstExample = examples.find(e => e.name === 'returned-pointer') ?? examples[0]!;
