// Draws a snapshot: node web/node/render.mjs SNAPSHOT.json OUT.svg|OUT.html [WIDTH]. `escapement render` calls it.
import { readFileSync, writeFileSync } from 'node:fs';
import { bundled } from './bundled.mjs';

const [from, to, width] = process.argv.slice(2);
if (!from || !/\.(svg|html)$/.test(to ?? '')) {
  console.error('usage: render.mjs SNAPSHOT.json OUT.svg|OUT.html [WIDTH]');
  process.exit(2);
}
const { pictureHtml, pictureSvg } = await bundled('src/app/picture-file.ts');
const snapshot = JSON.parse(readFileSync(from, 'utf8'));
try {
  writeFileSync(
    to,
    await (to.endsWith('.svg') ? pictureSvg(snapshot, Number(width) || undefined) : pictureHtml(snapshot)),
  );
} catch (error) {
  console.error(`render: ${error.message}`);
  process.exit(1);
}
