// More of what keepalived was observed to tell its notify FIFO, with two routers or a script that takes its time. Names are
// those of the observations; the times of each are those of the router that tells.
import { describe, expect, it } from 'vitest';
import { SECOND } from '../support/instance.ts';
import { link, nodeConfig, scriptConfig, type TestNode } from '../support/node.ts';
import { timeline } from './timelines.ts';

const stop = (node: TestNode) => node.event({ kind: 'stopped' });
const eth0 = (...ips: string[]) => ({ kind: 'linkChanged', name: 'eth0', link: link({ ips }) }) as const;
/** Adverts of this priority at these seconds. */
const adverts =
  (priority: number, ...seconds: number[]) =>
  (line: ReturnType<typeof timeline>): void => {
    for (const second of seconds) line.at(second, (node) => node.hear({ priority }));
  };

describe('beside another router', () => {
  it('T2: a MASTER that resigns is followed after the skew', () => {
    const line = timeline([{ priority: 100 }]);
    adverts(150, 0.4, 1.4, 2.4, 3.4, 4.4, 5.4)(line);
    adverts(0, 6.01)(line);
    line.at(7.02, stop);
    expect(line.told).toEqual([
      '0.00 INSTANCE "VI_1" BACKUP 100',
      '6.62 INSTANCE "VI_1" MASTER 100',
      '7.02 INSTANCE "VI_1" STOP 100',
    ]);
  });

  it('T3: the interval of the MASTER is learnt, and counts when it resigns', () => {
    const line = timeline([{ priority: 100, version: 3, advertIntervalUs: SECOND / 2 }]);
    const slow = { version: 3, priority: 150, intervalUs: 2 * SECOND } as const;
    for (const second of [6.83, 8.83]) line.at(second, (node) => node.hear(slow));
    line.at(9.0, (node) => node.hear({ ...slow, priority: 0 }));
    line.at(18, stop);
    expect(line.told).toEqual([
      '0.00 INSTANCE "VI_1" BACKUP 100',
      '1.80 INSTANCE "VI_1" MASTER 100',
      '6.83 INSTANCE "VI_1" BACKUP 100',
      '10.22 INSTANCE "VI_1" MASTER 100',
      '18.00 INSTANCE "VI_1" STOP 100',
    ]);
  });

  it.each([
    [
      'T7: preempt_delay 3 counts from the first lower advert, and then the timer runs on',
      { preemptDelayUs: 3 * SECOND },
      '6.03',
    ],
    ['T7c: a lower MASTER is preempted after master-down', {}, '3.41'],
  ])('%s', (_title, change, at) => {
    const line = timeline([{ priority: 150, ...change }]);
    adverts(100, 0.62, 1.62, 2.62, 3.62, 4.62, 5.62)(line);
    line.at(7, stop);
    expect(line.told.slice(0, 2)).toEqual(['0.00 INSTANCE "VI_1" BACKUP 150', `${at} INSTANCE "VI_1" MASTER 150`]);
  });

  it('T7b: nopreempt waits for the MASTER to resign', () => {
    const line = timeline([{ priority: 150, preempt: false }]);
    adverts(100, 0.62, 1.62, 2.62, 3.62, 4.62)(line);
    adverts(0, 5.01)(line);
    line.at(9.02, stop);
    expect(line.told).toEqual([
      '0.00 INSTANCE "VI_1" BACKUP 150',
      '5.42 INSTANCE "VI_1" MASTER 150',
      '9.02 INSTANCE "VI_1" STOP 150',
    ]);
  });
});

describe('a script that takes two seconds', () => {
  it('T14: holds the start, and tells late of what it found', () => {
    const script = scriptConfig({ intervalUs: 3 * SECOND, timeoutUs: 3 * SECOND });
    const tracked = { priority: 150, trackScripts: [{ name: 'chk', weight: 0, reverse: false }] };
    const line = timeline([tracked], { scripts: [script] }, { scriptsEnd: false });
    for (let run = 0; run < 9; run++) {
      const began = run * 3;
      const code = began >= 8 && began < 17 ? 1 : 0;
      const exit = { id: run + 1, outcome: { kind: 'exited', code }, output: '', durationUs: 2 * SECOND } as const;
      line.at(began + 2, (node) => node.event({ kind: 'scriptExited', exit }));
    }
    line.at(29, stop);
    expect(line.told).toEqual([
      '2.00 INSTANCE "VI_1" BACKUP 150',
      '5.41 INSTANCE "VI_1" MASTER 150',
      '11.00 INSTANCE "VI_1" FAULT 150',
      '20.00 INSTANCE "VI_1" BACKUP 150',
      '23.41 INSTANCE "VI_1" MASTER 150',
      '29.00 INSTANCE "VI_1" STOP 150',
    ]);
  });
});

describe('changes from outside', () => {
  it('T17: a reload takes one of two instances away, another renames the other', () => {
    const both = [{ priority: 150 }, { name: 'VI_2', vrid: 52, priority: 150 }];
    const line = timeline(both);
    const config = (instances: Parameters<typeof nodeConfig>[0]) => {
      const { globals, ...rest } = nodeConfig(instances);
      return { ...rest, globals: { ...globals, notifyFifos: [{ path: '/run/fifo' }] } };
    };
    line.at(5, (node) => node.reload(config(both.slice(0, 1))));
    line.at(9, (node) => node.reload(config([{ name: 'VI_X', priority: 160 }])));
    line.at(13.5, stop);
    expect(line.told).toEqual([
      '0.00 INSTANCE "VI_1" BACKUP 150',
      '0.00 INSTANCE "VI_2" BACKUP 150',
      '3.41 INSTANCE "VI_1" MASTER 150',
      '3.41 INSTANCE "VI_2" MASTER 150',
      '5.00 INSTANCE "VI_2" FAULT 150',
      '13.50 INSTANCE "VI_X" STOP 160',
    ]);
  });

  it('T26: the primary address goes and takes the virtual one along', () => {
    const line = timeline([{ priority: 150 }]);
    line.at(4, (node) => node.event(eth0('10.0.0.1', '10.0.0.100')));
    // The kernel tells of the secondary address first.
    line.at(5, (node) => node.event(eth0('10.0.0.1')));
    line.at(5, (node) => node.event(eth0()));
    line.at(8, (node) => node.event(eth0('10.0.0.1')));
    line.at(13, stop);
    expect(line.told).toEqual([
      '0.00 INSTANCE "VI_1" BACKUP 150',
      '3.41 INSTANCE "VI_1" MASTER 150',
      '5.00 INSTANCE "VI_1" BACKUP 150',
      '5.00 INSTANCE "VI_1" FAULT 150',
      '8.00 INSTANCE "VI_1" BACKUP 150',
      '11.41 INSTANCE "VI_1" MASTER 150',
      '13.00 INSTANCE "VI_1" STOP 150',
    ]);
  });
});
