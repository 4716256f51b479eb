import { describe, expect, it } from 'vitest';
import { overview, request, tiles } from '../model/sample.fixture.js';
import { layoutTimeline, stackLanes } from '../model/timeline-layout.js';
import { sceneToSvg } from './svg.js';
import { sceneToText } from './text.js';
import { themes } from './theme.js';

const scene = layoutTimeline(overview, tiles(), stackLanes(overview, true), {
  axis: 'events',
  window: request,
  width: 984,
  playhead: 50,
  selected: null,
  mine: true,
});

describe('back ends', () => {
  it('draws as SVG, with markup in names made inert', () => {
    const svg = sceneToSvg({ ...scene, sentence: '<script>' }, themes.light);
    expect(svg.startsWith('<svg')).toBe(true);
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('NaN');
  });
  it('says each lane', () => {
    expect(sceneToText(scene)).toContain('It grew 1 time, to 4 KiB, copying 1.5 KiB.');
  });
});
