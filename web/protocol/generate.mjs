// Writes src/protocol/*.generated.ts from the engine's JSON schemas. --check only tells of drift.
import { readFile, writeFile, access } from 'node:fs/promises';
import { compileFromFile } from 'json-schema-to-typescript';

const schemas = ['answers', 'trace'];
const here = new URL('.', import.meta.url);
let drift = false;

for (const name of schemas) {
  const schema = new URL(`../../engine/export/${name}.schema.json`, here);
  if (
    !(await access(schema).then(
      () => true,
      () => false,
    ))
  )
    continue;
  const target = new URL(`../src/protocol/${name}.generated.ts`, here);
  const text = await compileFromFile(schema.pathname, {
    bannerComment: `// Generated from engine/export/${name}.schema.json by protocol/generate.mjs; do not edit.`,
    additionalProperties: false,
    style: { printWidth: 110, singleQuote: true },
  });
  const old = await readFile(target, 'utf8').catch(() => '');
  if (old === text) continue;
  drift = true;
  if (!process.argv.includes('--check')) await writeFile(target, text);
  console.log(`${process.argv.includes('--check') ? 'differs' : 'wrote'}: src/protocol/${name}.generated.ts`);
}
if (drift && process.argv.includes('--check')) process.exit(1);
