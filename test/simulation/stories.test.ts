// Stories: what happens in a cluster, as transcripts. Times are seconds since the start; all routers start at 0.
import { describe, expect, it } from 'vitest';
import type { InstanceConfig } from '../../src/vrrp/config.ts';
import { addressOf, instance, router, SECOND, script } from './builders.ts';
import { tell } from './story.ts';

/** lb1, lb2 and lb3 with priorities 241, 200 and 150: skew 0.059 s, 0.219 s and 0.414 s at an interval of 1 s. */
function three(change: Partial<InstanceConfig> = {}) {
  return [241, 200, 150].map((priority, i) => router(i + 1, [instance({ priority, ...change })]));
}

/** Compares line by line; the margin does not count. */
function expectStory(told: string, expected: string): void {
  const lines = (text: string) => text.trim().split(/\n\s*/);
  expect(lines(told)).toEqual(lines(expected));
}

describe('stories of a cluster', () => {
  it('election: the highest priority has the shortest master-down time, 3 intervals and 15/256 s', () => {
    expectStory(
      tell(three(), 10 * SECOND),
      `
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       0.000  lb3 BACKUP
       3.059  lb1 MASTER
      `,
    );
  });

  it('election in VRRPv3 with ten adverts a second: everything is ten times as fast', () => {
    expectStory(
      tell(three({ version: 3, advertIntervalUs: 100_000 }), 10 * SECOND),
      `
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       0.000  lb3 BACKUP
       0.306  lb1 MASTER
      `,
    );
  });

  it('planned failover: priority 0 costs the skew of the next one only, and the return costs a master-down time', () => {
    expectStory(
      tell(three(), 20 * SECOND, [{ kind: 'stop', host: 'lb1', at: 10 * SECOND, until: 15 * SECOND }]),
      `
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       0.000  lb3 BACKUP
       3.059  lb1 MASTER
      10.000  stop lb1
      10.000  lb1 sends priority 0
      10.000  lb1 STOP
      10.219  lb2 MASTER
      15.000  over: stop lb1
      15.000  lb1 BACKUP
      18.059  lb1 MASTER
      18.059  lb2 BACKUP
      `,
    );
  });

  it('crash: nobody says anything, the next one waits for its master-down time since the last advert at 9.059', () => {
    expectStory(
      tell(three(), 30 * SECOND, [{ kind: 'crash', how: 'power', host: 'lb1', at: 10 * SECOND, until: 20 * SECOND }]),
      `
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       0.000  lb3 BACKUP
       3.059  lb1 MASTER
      10.000  crash lb1 (power)
      12.278  lb2 MASTER
      20.000  over: crash lb1 (power)
      20.000  lb1 BACKUP
      23.059  lb1 MASTER
      23.059  lb2 BACKUP
      `,
    );
  });

  it('nopreempt: who comes back leaves the MASTER alone', () => {
    expectStory(
      tell(three({ preempt: false }), 60 * SECOND, [
        { kind: 'crash', how: 'process', host: 'lb1', at: 10 * SECOND, until: 20 * SECOND },
      ]),
      `
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       0.000  lb3 BACKUP
       3.059  lb1 MASTER
      10.000  crash lb1 (process)
      12.278  lb2 MASTER
      20.000  over: crash lb1 (process)
      20.000  lb1 BACKUP
      `,
    );
  });

  it('preempt_delay 3: the first lower advert at 20.278 starts it, the last accepted one at 22.278 starts master-down', () => {
    expectStory(
      tell(three({ preemptDelayUs: 3 * SECOND }), 40 * SECOND, [
        { kind: 'crash', how: 'power', host: 'lb1', at: 10 * SECOND, until: 20 * SECOND },
      ]),
      `
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       0.000  lb3 BACKUP
       3.059  lb1 MASTER
      10.000  crash lb1 (power)
      12.278  lb2 MASTER
      20.000  over: crash lb1 (power)
      20.000  lb1 BACKUP
      25.336  lb1 MASTER
      25.337  lb2 BACKUP
      `,
    );
  });

  it('a script fails: the third failure is a FAULT, said by priority 0 twice; the third success ends it', () => {
    const check = script({ rise: 3, fall: 3 });
    const tracked = { trackScripts: [{ name: 'check', weight: 0, reverse: false }] };
    const routers = [241, 200].map((priority, i) => router(i + 1, [instance({ priority, ...tracked })], [check]));
    expectStory(
      tell(routers, 40 * SECOND, [
        { kind: 'script-fail', script: 'check', host: 'lb1', at: 9.5 * SECOND, until: 19.5 * SECOND },
      ]),
      `
       0.020  lb1 BACKUP
       0.020  lb2 BACKUP
       3.079  lb1 MASTER
       9.500  script fails lb1 check
      12.020  lb1 sends priority 0
      12.020  lb1 sends priority 0
      12.020  lb1 FAULT
      12.239  lb2 MASTER
      19.500  over: script fails lb1 check
      22.020  lb1 BACKUP
      25.079  lb1 MASTER
      25.079  lb2 BACKUP
      `,
    );
  });

  it('a script with a weight fails: no FAULT, but from 10.059 on the adverts say 181, and the next one preempts', () => {
    const check = script({ weight: -60 });
    const tracked = { trackScripts: [{ name: 'check', weight: -60, reverse: false }] };
    const routers = [241, 200].map((priority, i) => router(i + 1, [instance({ priority, ...tracked })], [check]));
    expectStory(
      tell(routers, 20 * SECOND, [
        { kind: 'script-fail', script: 'check', host: 'lb1', at: 9.5 * SECOND, until: 60 * SECOND },
      ]),
      `
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       3.059  lb1 MASTER
       9.500  script fails lb1 check
      12.278  lb2 MASTER
      12.278  lb1 BACKUP
      `,
    );
  });

  it('equal priorities: both become MASTER at the same time, and the greater address stays', () => {
    expectStory(
      tell(
        [1, 2].map((n) => router(n, [instance()])),
        10 * SECOND,
      ),
      `
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       3.609  lb1 MASTER
       3.609  lb2 MASTER
       3.610  lb1 BACKUP
      `,
    );
  });

  it('partition: a MASTER on each side, and one again within an interval after it healed', () => {
    expectStory(
      tell(three(), 30 * SECOND, [
        { kind: 'partition', groups: [['lb1'], ['lb2', 'lb3']], at: 10 * SECOND, until: 20 * SECOND },
      ]),
      `
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       0.000  lb3 BACKUP
       3.059  lb1 MASTER
      10.000  partition lb1 | lb2+lb3
      12.278  lb2 MASTER
      20.000  over: partition lb1 | lb2+lb3
      20.059  lb2 BACKUP
      `,
    );
  });

  it('a MASTER stalls for 6 s: it is replaced, and goes on as MASTER when it continues', () => {
    expectStory(
      tell(three(), 30 * SECOND, [{ kind: 'stall', host: 'lb1', at: 10 * SECOND, until: 16 * SECOND }]),
      `
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       0.000  lb3 BACKUP
       3.059  lb1 MASTER
      10.000  stall lb1
      12.278  lb2 MASTER
      16.000  over: stall lb1
      16.000  lb2 BACKUP
      `,
    );
  });

  it('unicast, the link of the MASTER fails: FAULT without a word, since nobody would hear it', () => {
    const peer = (i: number) => ({ unicastPeers: [addressOf(2 - i)] });
    const routers = [241, 200].map((priority, i) => router(i + 1, [instance({ priority, ...peer(i) })]));
    expectStory(
      tell(routers, 30 * SECOND, [
        { kind: 'link-down', host: 'lb1', interface: 'eth0', at: 10 * SECOND, until: 16 * SECOND },
      ]),
      `
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       3.059  lb1 MASTER
      10.000  link down lb1 eth0
      10.000  lb1 FAULT
      12.278  lb2 MASTER
      16.000  over: link down lb1 eth0
      16.000  lb1 BACKUP
      19.059  lb1 MASTER
      19.059  lb2 BACKUP
      `,
    );
  });
});
