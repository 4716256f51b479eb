// What drawing a snapshot is as a command: SNAPSHOT.json OUT.svg|OUT.html [WIDTH].
import { readFileSync, writeFileSync } from 'node:fs';

/** Draws by the functions that `pictures` gives; the exit status. */
export async function draw([from, to, width], pictures) {
  if (!from || !/\.(svg|html)$/.test(to ?? '')) {
    console.error('usage: render.mjs SNAPSHOT.json OUT.svg|OUT.html [WIDTH]');
    return 2;
  }
  const { pictureHtml, pictureSvg } = await pictures();
  const snapshot = JSON.parse(readFileSync(from, 'utf8'));
  try {
    writeFileSync(
      to,
      await (to.endsWith('.svg') ? pictureSvg(snapshot, Number(width) || undefined) : pictureHtml(snapshot)),
    );
    return 0;
  } catch (error) {
    console.error(`render: ${error.message}`);
    return 1;
  }
}
