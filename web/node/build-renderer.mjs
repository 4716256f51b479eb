// Makes build/render.mjs: the drawing program in one file, for an installed `escapement` (cmake --install).
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const web = fileURLToPath(new URL('..', import.meta.url));
const entry = `
import { draw } from '${web}node/draw.mjs';
process.exitCode = await draw(process.argv.slice(2), () => import('${web}src/app/picture-file.ts'));
`;
const bundle = await rolldown({
  input: '#renderer',
  platform: 'node',
  plugins: [
    {
      name: 'escapement-renderer',
      resolveId: id => (id === '#renderer' ? id : null),
      load: id => (id === '#renderer' ? { code: entry, moduleType: 'js' } : null),
    },
  ],
});
await bundle.write({ file: `${web}../build/render.mjs`, format: 'es', codeSplitting: false });
await bundle.close();
