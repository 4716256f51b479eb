// Reads a file of the package in Node, where fetch knows no file addresses.
import { readFile } from 'node:fs/promises';
import { read as fetched } from './read-fetch.js';

export async function read(address: string): Promise<Uint8Array<ArrayBuffer>> {
  return address.startsWith('file:') ? new Uint8Array(await readFile(new URL(address))) : fetched(address);
}
