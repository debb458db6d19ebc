// What the kernel says of frames that are sent together.
import { expect, it } from 'vitest';
import { createFrameBurst } from '../../src/linux/frame-burst.ts';

it('tells for each frame that a descriptor is none, also past the frames of one call', () => {
  const frames = Array.from({ length: 130 }, () => ({ index: 1, bytes: new Uint8Array(42) }));
  expect(createFrameBurst()(-1, frames)).toEqual(frames.map(() => -9));
  expect(createFrameBurst()(-1, [])).toEqual([]);
});
