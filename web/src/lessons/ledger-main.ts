// The ledger's page: its text is in the document; programs get a link that opens them in the playground.
import '../app/style.css';
import './lessons.css';
import '../app/site-header.js';
import '../app/offline.js';
import { encodeProgram } from '../state/permalink.js';

for (const block of document.querySelectorAll<HTMLElement>('pre > code.language-go')) {
  const link = document.createElement('a');
  link.className = 'open';
  link.textContent = 'Open in the playground';
  void encodeProgram(block.textContent ?? '').then(fragment => (link.href = `./index.html${fragment}`));
  block.parentElement!.tabIndex = 0;
  block.parentElement!.after(link);
}
