// The look that a widget's page asks for: a theme, and colours for named roles. Only colours are taken.
import { colourNames, type Look } from '../widget/messages.js';

export function putLook(look: Look): void {
  const root = document.documentElement;
  root.dataset.theme = look?.theme === 'dark' ? 'dark' : 'light';
  for (const name of colourNames) {
    const colour = look?.colours?.[name];
    if (typeof colour === 'string' && !/url\(/i.test(colour) && CSS.supports('color', colour))
      root.style.setProperty(`--${name}`, colour);
    else root.style.removeProperty(`--${name}`);
  }
}
