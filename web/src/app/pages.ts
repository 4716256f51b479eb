/** The pages of the site, in the order of its bar: file and name. */
export const pages = [
  ['index.html', 'Playground'],
  ['lessons.html', 'Lessons'],
  ['ledger.html', 'True or false'],
  ['about.html', 'About'],
] as const;
