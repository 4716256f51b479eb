/** Fills the list of a version's files into SITE/sw.js; the number of files in it. */
export function writePrecache(site: string): number;
