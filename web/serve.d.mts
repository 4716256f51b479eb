/** An HTTP server for the site in `root`. */
export function siteServer(root: string): import('node:http').Server;
/** The address's fragment that opens `text` in the page. */
export function programFragment(text: string | Uint8Array): string;
/** The content policy of a file of the site, by its name. */
export function policyOf(file: string): string;
