// Draws a snapshot: node web/node/render.mjs SNAPSHOT.json OUT.svg|OUT.html [WIDTH]. `escapement render` calls it.
import { bundled } from './bundled.mjs';
import { draw } from './draw.mjs';

process.exitCode = await draw(process.argv.slice(2), () => bundled('src/app/picture-file.ts'));
