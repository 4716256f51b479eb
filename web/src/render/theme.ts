// What each named paint looks like. Colours are the page's CSS custom properties, computed to 3:1 at least.
import type { Paint } from '../model/scene.js';

export type Theme = Readonly<Record<Paint, string>>;

const light: Theme = {
  static: '#007e5d',
  stack: '#0072b2',
  heap: '#c65500',
  others: '#8a8f98',
  cycle: '#7a5ea8',
  grid: '#e6e8eb',
  lane: '#c9ccd1',
  text: '#1f2328',
  quiet: '#5c636e',
  playhead: '#1f2328',
  selected: '#1f2328',
  changed: '#ffe58a',
  ground: '#ffffff',
  raised: '#f5f6f8',
};

const dark: Theme = {
  static: '#14b58a',
  stack: '#3fa0e0',
  heap: '#f08136',
  others: '#8b939e',
  cycle: '#b198dd',
  grid: '#2a2f36',
  lane: '#474d57',
  text: '#e6e8eb',
  quiet: '#a2a9b4',
  playhead: '#ffffff',
  selected: '#ffffff',
  changed: '#5d5115',
  ground: '#1e1e1e',
  raised: '#272a2e',
};

export const themes = { light, dark } as const;
