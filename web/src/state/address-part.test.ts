import { expect, it } from 'vitest';
import { joinFragments, ownFragment, withOwnFragment } from './address-part.js';

it('two programs share one fragment', () => {
  const both = joinFragments('#v1:abc&gogc=50', '#v1:def');
  expect(both).toBe('#v1:abc&gogc=50|v1:def');
  expect(ownFragment(both, 'left')).toBe('#v1:abc&gogc=50');
  expect(ownFragment(both, 'right')).toBe('#v1:def');
  expect(ownFragment(both, 'whole')).toBe(both);
});

it('a side replaces only its own', () => {
  expect(withOwnFragment('#v1:abc|v1:def', 'right', '#v1:ghi')).toBe('#v1:abc|v1:ghi');
  expect(withOwnFragment('', 'right', '#v1:ghi')).toBe('#|v1:ghi');
  expect(ownFragment('#|v1:ghi', 'left')).toBe('');
  expect(withOwnFragment('#v1:abc', 'whole', '#v1:ghi')).toBe('#v1:ghi');
});
