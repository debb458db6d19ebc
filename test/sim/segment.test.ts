import { describe, expect, it } from 'vitest';
import { describeFault, healedAt, type LanFault } from '../../src/sim/faults.ts';
import { createRandom } from '../../src/sim/random.ts';
import { type Attachment, createSegment } from '../../src/sim/segment.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

const ALWAYS = { at: 0, until: 1_000_000 };

/** A LAN with hosts a, b and c; frames are one byte. */
function setUp(faults: readonly LanFault[] = [], jitterUs = 0) {
  const clock = createVirtualClock();
  const lan = createSegment({ clock, random: createRandom(1), delayUs: 200, jitterUs });
  lan.addFaults(faults);
  const heard: Record<string, string[]> = { a: [], b: [], c: [] };
  const up = new Set(['a', 'b', 'c']);
  const [a, b, c] = ['a', 'b', 'c'].map((host): Attachment => {
    const attachment = {
      host,
      mac: `02:00:00:00:00:0${host}`,
      connected: () => up.has(host),
      owns: (address: string) => address === `10.0.0.${host}`,
      receive: (frame: Uint8Array) => void heard[host]!.push(`${frame[0]}@${clock.now()}`),
    };
    lan.attach(attachment);
    return attachment;
  }) as [Attachment, Attachment, Attachment];
  return { clock, lan, heard, up, a, b, c };
}

const frame = (n: number) => Uint8Array.of(n);

describe('a LAN without faults', () => {
  it('carries a frame to everybody but its sender, after the delay', () => {
    const { clock, lan, heard, a } = setUp();
    lan.send(a, frame(1));
    clock.runUntil(1000);
    expect(heard).toEqual({ a: [], b: ['1@200'], c: ['1@200'] });
  });

  it('keeps the order between two hosts in spite of jitter', () => {
    const { clock, lan, heard, a } = setUp([], 500);
    for (let n = 0; n < 50; n++) {
      clock.runUntil(n * 10);
      lan.send(a, frame(n));
    }
    clock.runUntil(10_000);
    expect(heard.b!.map((line) => Number(line.split('@')[0]))).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  it('a host without link neither sends nor hears, also not what was under way', () => {
    const { clock, lan, heard, up, a, b } = setUp();
    lan.send(a, frame(1));
    up.delete('b');
    lan.send(b, frame(2));
    clock.runUntil(1000);
    expect(heard).toEqual({ a: [], b: [], c: ['1@200'] });
  });

  it('knows who answers for an address', () => {
    const { lan, up, a, b } = setUp();
    expect(lan.macOf('10.0.0.b', a)).toBe(b.mac);
    up.delete('b');
    expect(lan.macOf('10.0.0.b', a)).toBeUndefined();
  });
});

describe('faults of a LAN', () => {
  it.each<{ fault: LanFault; b: string[]; c: string[] }>([
    { fault: { kind: 'drop', ...ALWAYS, rate: 1 }, b: [], c: [] },
    { fault: { kind: 'drop', ...ALWAYS, rate: 1, from: 'a', to: 'b' }, b: [], c: ['1@200', '2@250'] },
    { fault: { kind: 'drop', ...ALWAYS, rate: 1, from: 'b' }, b: ['1@200', '2@250'], c: ['1@200', '2@250'] },
    { fault: { kind: 'delay', ...ALWAYS, byUs: 100, to: 'c' }, b: ['1@200', '2@250'], c: ['1@300', '2@350'] },
    {
      fault: { kind: 'duplicate', ...ALWAYS, rate: 1, to: 'b' },
      b: ['1@200', '1@200', '2@250', '2@250'],
      c: ['1@200', '2@250'],
    },
    { fault: { kind: 'partition', ...ALWAYS, groups: [['a', 'c'], ['b']] }, b: [], c: ['1@200', '2@250'] },
    { fault: { kind: 'partition', ...ALWAYS, groups: [['b', 'c']] }, b: [], c: [] },
    { fault: { kind: 'drop', at: 0, until: 50, rate: 1 }, b: ['2@250'], c: ['2@250'] },
    { fault: { kind: 'drop', at: 50, until: 99, rate: 1 }, b: ['1@200'], c: ['1@200'] },
  ])('$fault.kind $fault: b hears $b, c hears $c', ({ fault, b, c }) => {
    const { clock, lan, heard, a } = setUp([fault]);
    lan.send(a, frame(1));
    clock.runUntil(50);
    lan.send(a, frame(2));
    clock.runUntil(10_000);
    expect(heard).toEqual({ a: [], b, c });
  });

  it('reorder lets later frames overtake, and loses none', () => {
    const { clock, lan, heard, a } = setUp([{ kind: 'reorder', ...ALWAYS, rate: 0.5, byUs: 1000 }]);
    for (let n = 0; n < 50; n++) {
      clock.runUntil(n * 10);
      lan.send(a, frame(n));
    }
    clock.runUntil(10_000);
    const order = heard.b!.map((line) => Number(line.split('@')[0]));
    expect(order).not.toEqual(order.toSorted((x, y) => x - y));
    expect(order.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  it('a plan is healed when its last frame has arrived', () => {
    expect(
      healedAt([
        { kind: 'drop', at: 0, until: 50, rate: 1 },
        { kind: 'delay', at: 0, until: 40, byUs: 30 },
      ]),
    ).toBe(70);
    expect(healedAt([])).toBe(0);
  });

  it('a fault can be said in a line', () => {
    expect(describeFault({ kind: 'drop', ...ALWAYS, rate: 0.3, from: 'lb1' })).toBe('drop 30 % lb1 -> any');
    expect(describeFault({ kind: 'partition', ...ALWAYS, groups: [['a'], ['b', 'c']] })).toBe('partition a | b+c');
  });
});
