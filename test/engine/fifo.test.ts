// The lines of notify FIFOs against what was observed of keepalived 2.2.7 and 2.4; names are those of the observations.
// Theirs are 10 to 30 ms later, which is their start.
import { describe, expect, it } from 'vitest';
import type { EngineEffect } from '../../src/engine/event.ts';
import { kinds, lines, link, nodeConfig, testNode } from '../support/node.ts';
import { ETH1, group, pair, type Timeline, timeline } from './timelines.ts';

const eth1 = (up: boolean) => ({ kind: 'linkChanged', name: 'eth1', link: { ...ETH1, up } }) as const;
const eth0 = (up: boolean, ips = ['10.0.0.1']) =>
  ({ kind: 'linkChanged', name: 'eth0', link: link({ up, ips }) }) as const;
const one = (priority: number) => [{ priority }];
const stop = { kind: 'stopped' } as const;

interface Story {
  readonly title: string;
  readonly start: () => Timeline;
  readonly plot?: (at: Timeline['at']) => void;
  readonly until: number;
  readonly told: readonly string[];
}

const STORIES: readonly Story[] = [
  {
    title: 'T1: start and stop',
    start: () => timeline(one(150)),
    plot: (at) => at(5, (node) => node.event(stop)),
    until: 5,
    told: ['0.00 INSTANCE "VI_1" BACKUP 150', '3.41 INSTANCE "VI_1" MASTER 150', '5.00 INSTANCE "VI_1" STOP 150'],
  },
  {
    title: 'T1c: an owner is MASTER without having been BACKUP',
    start: () => timeline(one(255)),
    until: 1,
    told: ['0.00 INSTANCE "VI_1" MASTER 255'],
  },
  {
    title: 'T6b: every advert of lower priority is told of',
    start: () => timeline(one(150)),
    plot: (at) => {
      for (const second of [5.36, 5.86, 6.36]) at(second, (node) => node.hear({ priority: 50 }));
    },
    until: 7,
    told: [
      '0.00 INSTANCE "VI_1" BACKUP 150',
      '3.41 INSTANCE "VI_1" MASTER 150',
      '5.36 INSTANCE "VI_1" MASTER_RX_LOWER_PRI 150',
      '5.86 INSTANCE "VI_1" MASTER_RX_LOWER_PRI 150',
      '6.36 INSTANCE "VI_1" MASTER_RX_LOWER_PRI 150',
    ],
  },
  {
    title: 'T15: a VIP that was removed costs the skew',
    start: () => timeline(one(150)),
    plot: (at) => {
      at(4, (node) => node.event(eth0(true, ['10.0.0.1', '10.0.0.100'])));
      at(5.51, (node) => node.event(eth0(true)));
    },
    until: 6,
    told: [
      '0.00 INSTANCE "VI_1" BACKUP 150',
      '3.41 INSTANCE "VI_1" MASTER 150',
      '5.51 INSTANCE "VI_1" BACKUP 150',
      '5.92 INSTANCE "VI_1" MASTER 150',
    ],
  },
  {
    title: 'T16: link down and up',
    start: () => timeline(one(150)),
    plot: (at) => {
      at(6, (node) => node.event(eth0(false)));
      at(11, (node) => node.event(eth0(true)));
    },
    until: 15,
    told: [
      '0.00 INSTANCE "VI_1" BACKUP 150',
      '3.41 INSTANCE "VI_1" MASTER 150',
      '6.00 INSTANCE "VI_1" FAULT 150',
      '11.00 INSTANCE "VI_1" BACKUP 150',
      '14.41 INSTANCE "VI_1" MASTER 150',
    ],
  },
  {
    title: 'T18: one advert of a better router',
    start: () => timeline(one(100)),
    plot: (at) => at(5.07, (node) => node.hear({ priority: 200 })),
    until: 9,
    told: [
      '0.00 INSTANCE "VI_1" BACKUP 100',
      '3.61 INSTANCE "VI_1" MASTER 100',
      '5.07 INSTANCE "VI_1" BACKUP 100',
      '8.68 INSTANCE "VI_1" MASTER 100',
    ],
  },
  {
    title: 'T25: a file whose number is added to the priority',
    start: () => {
      const trackFiles = [{ name: 'tf', weight: 1, reverse: false }];
      const instance = { priority: 100, trackFiles, options: { notifyPriorityChanges: true } };
      const file = { ...trackFiles[0]!, path: '/run/tf' };
      return timeline([instance], { trackFiles: [file] }, { files: { '/run/tf': '0' } });
    },
    plot: (at) => {
      const values = ['20', '-30', '-300', '0', '200', 'x', '0'];
      for (const [i, value] of values.entries()) at(5 + i * 1.2, (node) => node.write('/run/tf', value));
      at(17.41, (node) => node.event(stop));
    },
    until: 18,
    told: [
      '0.00 INSTANCE "VI_1" BACKUP 100',
      '3.61 INSTANCE "VI_1" MASTER 100',
      '5.00 INSTANCE "VI_1" MASTER_PRIORITY 120',
      '6.20 INSTANCE "VI_1" MASTER_PRIORITY 70',
      '7.40 INSTANCE "VI_1" FAULT 70',
      '8.60 INSTANCE "VI_1" BACKUP 100',
      '9.80 INSTANCE "VI_1" BACKUP_PRIORITY 254',
      '11.00 INSTANCE "VI_1" BACKUP_PRIORITY 100',
      '12.21 INSTANCE "VI_1" MASTER 100',
      '17.41 INSTANCE "VI_1" STOP 100',
    ],
  },
  ...(['2.4', '2.2'] as const).map((compat) => ({
    title: `T20 of ${compat}: two owners, ours has the lower address`,
    start: () => timeline(one(255), {}, { compat }),
    plot: (at: Timeline['at']) => at(0.01, (node) => node.hear({ priority: 255 })),
    until: 1,
    told: ['0.00 INSTANCE "VI_1" MASTER 255', `0.01 INSTANCE "VI_1" BACKUP ${compat === '2.4' ? 255 : 254}`],
  })),
  {
    title: 'T20: two owners, ours has the greater address',
    start: () => timeline(one(255)),
    plot: (at) => at(0.01, (node) => node.hear({ priority: 255 }, '9.0.0.1')),
    until: 1,
    told: ['0.00 INSTANCE "VI_1" MASTER 255', '0.01 INSTANCE "VI_1" MASTER_RX_LOWER_PRI 255'],
  },
  {
    title: 'T27: vrrp_startup_delay 4',
    start: () => timeline(one(150), {}, { startupDelayUs: 4_000_000 }),
    plot: (at) => at(3.7, (node) => node.hear({ priority: 200 })),
    until: 8,
    told: ['0.00 INSTANCE "VI_1" BACKUP 150', '7.41 INSTANCE "VI_1" MASTER 150'],
  },
  {
    title: 'T30: an advert of priority 0 to a MASTER',
    start: () => timeline(one(150)),
    plot: (at) => at(5, (node) => node.hear({ priority: 0 })),
    until: 8,
    told: ['0.00 INSTANCE "VI_1" BACKUP 150', '3.41 INSTANCE "VI_1" MASTER 150'],
  },
  {
    title: 'S7: a group of one',
    start: () => timeline([pair(100)[0]!], { syncGroups: [group({ members: ['VA'] })] }),
    plot: (at) => {
      at(5.1, (node) => node.hear({ vrid: 1, priority: 50 }));
      at(5.7, (node) => node.event(eth0(false)));
      at(6.7, (node) => node.event(eth0(true)));
      at(7.7, (node) => node.event(stop));
    },
    until: 8,
    told: [
      '0.00 GROUP "G" BACKUP 0',
      '0.00 INSTANCE "VA" BACKUP 100',
      '3.61 INSTANCE "VA" MASTER 100',
      '3.61 GROUP "G" MASTER 0',
      '5.10 INSTANCE "VA" MASTER_RX_LOWER_PRI 100',
      '5.70 INSTANCE "VA" FAULT 100',
      '5.70 GROUP "G" FAULT 0',
      '6.70 INSTANCE "VA" BACKUP 100',
      '6.70 GROUP "G" BACKUP 0',
      '7.70 INSTANCE "VA" STOP 100',
      '7.70 GROUP "G" STOP 0',
    ],
  },
  {
    title: 'S8: notify_priority_changes, an interface of weight 20',
    start: () => {
      const trackInterfaces = [{ name: 'eth1', weight: 20, reverse: false }];
      return timeline([{ ...pair(100)[0], trackInterfaces, options: { notifyPriorityChanges: true } }]);
    },
    plot: (at) => {
      at(4.5, (node) => node.event(eth1(false)));
      at(6, (node) => node.event(eth1(true)));
      at(7.5, (node) => node.event(stop));
    },
    until: 8,
    told: [
      '0.00 INSTANCE "VA" BACKUP_PRIORITY 120',
      '0.00 INSTANCE "VA" BACKUP 120',
      '3.53 INSTANCE "VA" MASTER 120',
      '4.50 INSTANCE "VA" MASTER_PRIORITY 100',
      '6.00 INSTANCE "VA" MASTER_PRIORITY 120',
      '7.50 INSTANCE "VA" STOP 120',
    ],
  },
];

describe('the notify FIFO tells what keepalived was observed to tell', () => {
  it.each(STORIES)('$title', ({ start, plot, until, told }) => {
    const line = start();
    plot?.(line.at);
    line.at(until, () => undefined);
    expect(line.told).toEqual(told);
  });
});

describe('notify FIFOs', () => {
  it('come after the scripts, and every one gets the line', () => {
    const config = nodeConfig([{ priority: 255, notify: { any: { argv: ['/bin/n'], text: '/bin/n' } } }]);
    const notifyFifos = [{ path: '/run/one' }, { path: '/run/two' }];
    const node = testNode({ ...config, globals: { ...config.globals, notifyFifos } });
    const effects = node.event(stop);
    expect(kinds(effects).slice(-2)).toEqual(['startScript', 'notifyFifo']);
    expect(effects).toContainEqual({
      kind: 'notifyFifo',
      paths: ['/run/one', '/run/two'],
      line: 'INSTANCE "VI_1" STOP 255',
    });
  });

  it('are opened before anything is said, then their scripts start, with the path as last word', () => {
    const config = nodeConfig([{ priority: 255 }]);
    const script = { argv: ['/bin/read', 'x'], text: '/bin/read x', user: 'nobody' };
    const effects: EngineEffect[] = [];
    const globals = { ...config.globals, notifyFifos: [{ path: '/run/fifo', script }] };
    const node = testNode({ ...config, globals }, [link()], { onEffect: (effect) => effects.push(effect) });
    expect(effects.slice(0, 2)).toMatchObject([
      { kind: 'openFifo', fifo: { path: '/run/fifo', user: 'nobody' } },
      { kind: 'startScript', run: { argv: ['/bin/read', 'x', '/run/fifo'], user: 'nobody' } },
    ]);
    expect(lines(node.event({ kind: 'fifoFailed', message: 'cannot open it' }))).toEqual(['cannot open it']);
  });

  it('are not written to when there are none', () => {
    expect(kinds(testNode(nodeConfig()).event(stop))).not.toContain('notifyFifo');
  });
});
