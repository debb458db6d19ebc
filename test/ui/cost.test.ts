// What a frame may write: a slow line must keep up with a screen that stays open.
import { expect, it } from 'vitest';
import { countBytes } from '../bench/ui-bytes.ts';

it('writes nothing when nothing changed, under 1 kB for one counter, under 4 kB when each of 255 rows changes', async () => {
  const { nothing, one, every } = await countBytes(5);
  // The first frame is the whole table.
  const changed = every.slice(1);
  console.log(`bytes: one counter ${Math.max(...one)}, every row ${Math.max(...changed)}`);
  expect(Math.max(...nothing)).toBe(0);
  expect(Math.max(...one)).toBeLessThanOrEqual(1024);
  expect(Math.min(...one)).toBeGreaterThan(0);
  expect(Math.max(...changed)).toBeLessThanOrEqual(4096);
  expect(Math.min(...changed)).toBeGreaterThan(1000);
});
