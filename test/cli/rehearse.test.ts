// The rehearsal plays what it is for: a router that is MASTER after silence, and after a farewell.
import { expect, it } from 'vitest';
import { createScene } from '../../src/cli/rehearse.ts';

it('becomes MASTER twice in each play and once in a takeover, and changes nothing on this host', () => {
  const scene = createScene();
  expect([scene.play(), scene.play()]).toEqual([2, 4]);
  scene.takeOver();
  scene.takeOver();
  expect(scene.play()).toBe(8);
  scene.close();
});
