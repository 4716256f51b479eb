import type { Server } from 'node:http';

export function siteServer(root: string): Server;
export function programFragment(text: string | Buffer): string;
