// The page's theme: the reader's choice, else the system's. One for the whole document.

export type Theme = 'light' | 'dark';

const key = 'escapement.theme';

/** The theme in force. */
export function pageTheme(): Theme {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(key);
  } catch {
    // Storage may be forbidden; the system's theme does then.
  }
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return globalThis.matchMedia?.('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Applies a theme and remembers it; everything that draws hears `escapement-theme` of the document. */
export function choosePageTheme(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // It holds for this visit.
  }
  applyPageTheme(theme);
}

/** Applies a theme to the document. */
export function applyPageTheme(theme: Theme = pageTheme()): void {
  document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new CustomEvent('escapement-theme', { detail: theme }));
}
