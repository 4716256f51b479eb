// The playground's page: its style and its elements.
import './style.css';
import './offline.js';
import './site-header.js';
import './playground-element.js';
import { openFiles } from './open-files.js';
import type { PlaygroundElement } from './playground-element.js';

document.addEventListener(
  'ready',
  () => {
    const page = document.querySelector<PlaygroundElement>('escapement-playground[permalink]');
    if (page) openFiles(program => page.playground.replaceProgram(program));
  },
  { once: true },
);
