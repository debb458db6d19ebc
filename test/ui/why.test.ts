// "Why is this node not MASTER?": from the start of the screen, at most three keys for each cause.
import { afterEach, expect, it } from 'vitest';
import type { InstanceSnapshot, Snapshot } from '../../src/engine/snapshot.ts';
import { whyNotMaster } from '../../src/ui/why.ts';
import { ENGINE_START, fakeInstance, fakeMaster, fakeSnapshot, SECOND } from '../support/fake-session.ts';
import { openTestScreen, type TestScreen } from '../support/screen.ts';

const open: TestScreen[] = [];
afterEach(() => {
  for (const screen of open.splice(0)) screen.unmount();
});

const NOW = ENGINE_START + SECOND;
const instance = (more: Partial<InstanceSnapshot>): InstanceSnapshot => fakeInstance(NOW, { name: 'VI_ME', ...more });
const master = (priority: number) => ({ self: false, address: '10.0.0.2', priority, lastAdvertAt: NOW });
const failing = { kind: 'script', ok: false, reverse: false, name: 'chk_smtp' } as const;
const override = {
  id: 1,
  instance: 'VI_ME',
  kind: 'priority',
  text: 'priority 200 -> 50',
  setAt: NOW,
  expiresAt: NOW + 100 * SECOND,
  who: 'root',
  why: 'exercise',
} as const;

const CAUSES: readonly (readonly [cause: string, Partial<Snapshot>, says: RegExp])[] = [
  [
    'a failing script',
    {
      instances: [
        instance({
          state: 'FAULT',
          cause: 'script chk_smtp fails',
          faults: ['script chk_smtp fails'],
          trackers: [{ ...failing, weight: 0, contribution: 0 }],
        }),
      ],
    },
    /script chk_smtp fails/,
  ],
  [
    'a failing script with a weight',
    {
      instances: [
        instance({
          master: master(90),
          effectivePriority: 80,
          trackers: [{ ...failing, weight: -20, contribution: -20 }],
        }),
      ],
    },
    /chk_smtp fails: -20, priority 100 -> 80 \(exited 1/,
  ],
  [
    'a lower priority',
    { instances: [instance({ master: master(150) })] },
    /10\.0\.0\.2 has priority 150, this router 100/,
  ],
  [
    'an interface that is down',
    { instances: [instance({ state: 'FAULT', cause: 'interface eth1 is down', faults: ['interface eth1 is down'] })] },
    /interface eth1 is down/,
  ],
  [
    'nopreempt',
    { instances: [instance({ master: master(90), preempt: false })] },
    /nopreempt: 10\.0\.0\.2 keeps it with priority 90, although ours is 100/,
  ],
  [
    'an override',
    { instances: [instance({ master: master(150), effectivePriority: 50 })], overrides: [override] },
    /overridden: priority 200 -> 50 by root \(exercise\), reverts in 1:/,
  ],
  [
    'a wrong password that is heard',
    {
      instances: [
        instance({
          master: master(150),
          peers: [{ ...fakeInstance(NOW).peers[0]!, address: '10.0.0.9', rejected: { 'auth-failure': 12 } }],
        }),
      ],
    },
    /adverts of 10\.0\.0\.9 are refused: wrong password, 12 times/,
  ],
];

it.each(CAUSES)('%s is found with three keys at most', async (_cause, more, says) => {
  const screen = await openTestScreen();
  open.push(screen);
  const others = [fakeMaster(NOW)];
  // Down to the instance, and into it.
  await screen.advance(SECOND, { ...more, instances: [...others, ...more.instances!] });
  await screen.press('j\r');
  expect(screen.text()).toMatch(says);
});

it('a MASTER has no such reason; one that waits for its timer says how long', () => {
  expect(whyNotMaster(fakeSnapshot(NOW), fakeMaster(NOW), NOW)).toEqual([]);
  const { master: _, ...alone } = instance({ peers: [], masterDownAt: NOW + 2 * SECOND });
  expect(whyNotMaster(fakeSnapshot(NOW), alone, NOW)).toEqual([
    'no MASTER is heard: it takes over in 2.0s unless one is',
  ]);
});

it('preempt_delay says how long it lasts', () => {
  const waiting = instance({ master: master(90), preemptDelayUs: 30 * SECOND, preemptAt: NOW + 12 * SECOND });
  expect(whyNotMaster(fakeSnapshot(NOW), waiting, NOW)).toEqual(['preempt_delay 30 s: takes over in 12s']);
});
