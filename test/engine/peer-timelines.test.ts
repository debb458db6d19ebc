// What keepalived was observed to tell its notify FIFO beside a peer that speaks otherwise, over IPv6, after a crash and
// after a standstill. Names are those of the observations; the times of each are those of the router that tells.
import { describe, expect, it } from 'vitest';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import type { AdvertFields } from '../../src/wire/vrrp.ts';
import { OWN, PEER, SECOND } from '../support/instance.ts';
import { kinds, link, nodeConfig, scriptConfig, type TestNode, testNode } from '../support/node.ts';
import { group, pair, timeline } from './timelines.ts';

type Line = ReturnType<typeof timeline>;
const stop = (node: TestNode) => node.event({ kind: 'stopped' });
const BACKUP = '0.00 INSTANCE "VI_1" BACKUP 100';

/** A MASTER of priority 150 that began at 3.42 s, and resigns. */
function master(line: Line, resigns: number, say: (node: TestNode, priority: number) => unknown): void {
  for (let at = 3.42; at < resigns; at += 1) line.at(at, (node) => say(node, 150));
  line.at(resigns, (node) => say(node, 0));
}

describe('a BACKUP follows a MASTER that resigns', () => {
  const v6 = {
    family: 6,
    version: 3,
    group: 'ff02::12',
    addresses: [{ interface: 'eth0', address: 'fd00::100', prefix: 128, scope: 0 }],
  } as const;
  /** How the peer speaks: its adverts arrive as datagrams of this family and destination. */
  const speaks =
    (ends: { family: 4 | 6; source: string; destination: string }, change: Partial<AdvertFields> = {}) =>
    (node: TestNode, priority: number) => {
      const fields = { version: 2, vrid: 51, addresses: ['10.0.0.100'], intervalUs: SECOND, ...change } as const;
      const payload = encodeAdvert({ ...fields, priority }, ends);
      return node.event({ kind: 'datagramReceived', datagram: { interface: 'eth0', ttl: 255, payload, ...ends } });
    };
  const v4 = { family: 4, source: PEER, destination: '224.0.0.18' } as const;
  const over6 = { family: 6, source: 'fe80::2', destination: 'ff02::12' } as const;
  const say6 = speaks(over6, { version: 3, addresses: ['fd00::100'] });

  it.each([
    ['T9: multicast', {}, speaks(v4), 7.01, '7.62'],
    ['T22, T23: multicast, a second earlier', {}, speaks(v4), 6.01, '6.62'],
    ['with a password', { password: '1111' }, speaks(v4, { password: '1111' }), 6.01, '6.62'],
    ['unicast', { unicastPeers: [PEER] }, speaks({ ...v4, destination: OWN }), 6.01, '6.62'],
    ['I2, I3: IPv6', v6, say6, 7.01, '7.62'],
  ] as const)('%s', (_title, change, say, resigns, at) => {
    const links = [link({ ips: [OWN, 'fe80::1'] })];
    const line = timeline([{ priority: 100, ...change }], {}, { links });
    master(line, resigns, say);
    line.at(8.02, stop);
    expect(line.told).toEqual([BACKUP, `${at} INSTANCE "VI_1" MASTER 100`, '8.02 INSTANCE "VI_1" STOP 100']);
  });

  it('I1: only when its link-local address is its own (DAD)', () => {
    const eth0 = (tentative: boolean) => {
      const [address] = link({ ips: ['fe80::1'] }).addresses;
      return link({ addresses: [{ ...address!, tentative }] });
    };
    const line = timeline([{ priority: 100, ...v6 }], {}, { links: [eth0(true)] });
    line.at(0.1, (node) => node.event({ kind: 'linkChanged', name: 'eth0', link: eth0(false) }));
    master(line, 7.02, say6);
    line.at(10.05, stop);
    expect(line.told).toEqual([
      '0.00 INSTANCE "VI_1" FAULT 100',
      '0.10 INSTANCE "VI_1" BACKUP 100',
      '7.63 INSTANCE "VI_1" MASTER 100',
      '10.05 INSTANCE "VI_1" STOP 100',
    ]);
  });
});

describe('where a peer differs', () => {
  it.each([
    ['2.4 follows it', '2.4', '7.62'],
    ['2.2 does not hear it: both are MASTER', '2.2', '3.61'],
  ] as const)('T4: the MASTER names other addresses, and %s', (_title, compat, at) => {
    const line = timeline([{ priority: 100 }], {}, { compat });
    master(line, 7.01, (node, priority) => node.hear({ priority, addresses: ['10.0.0.101'] }));
    line.at(8.02, stop);
    expect(line.told).toEqual([BACKUP, `${at} INSTANCE "VI_1" MASTER 100`, '8.02 INSTANCE "VI_1" STOP 100']);
  });

  it('T8: of two with the same priority the one that was first stays MASTER, whoever has the greater address', () => {
    for (const peer of ['10.0.0.0', '10.0.0.2']) {
      const line = timeline([{ priority: 100 }]);
      for (const at of [3.6, 4.6, 5.6, 6.6]) line.at(at, (node) => node.hear({ priority: 100 }, peer));
      line.at(7.01, (node) => node.hear({ priority: 0 }, peer));
      line.at(8.07, stop);
      expect(line.told).toEqual([BACKUP, '7.62 INSTANCE "VI_1" MASTER 100', '8.07 INSTANCE "VI_1" STOP 100']);
    }
  });

  it('T24: packets with a wrong TTL or length are counted; they do not silence the MASTER as they do keepalived', () => {
    const line = timeline([{ priority: 100 }]);
    const ip = { family: 4, source: PEER, destination: '224.0.0.18' } as const;
    const fields = { version: 2, vrid: 51, priority: 200, addresses: ['10.0.0.100'], intervalUs: SECOND } as const;
    const payload = encodeAdvert(fields, ip);
    const sent = { interface: 'eth0', ttl: 255, payload, ...ip };
    for (const [i, bad] of [{ ttl: 254 }, { payload: payload.subarray(0, 12) }, { ttl: 1 }].entries()) {
      line.at(3.9 + i * 0.5, (node) => node.event({ kind: 'datagramReceived', datagram: { ...sent, ...bad } }));
    }
    line.at(6.19, stop);
    expect(line.told).toEqual([BACKUP, '3.61 INSTANCE "VI_1" MASTER 100', '6.19 INSTANCE "VI_1" STOP 100']);
    // At 3.61, 4.61 and 5.61, and priority 0.
    expect(line.node.instance().counters).toMatchObject({ advertRcvd: 0, advertSent: 4, rejected: { ttl: 2 } });
  });
});

describe('scripts that fail from the start', () => {
  it('S9: one that takes three seconds to fail holds its group until then', () => {
    const script = scriptConfig({ intervalUs: 10 * SECOND, timeoutUs: 3 * SECOND });
    const [member] = pair(100);
    const tracked = { ...member, trackScripts: [{ name: 'chk', weight: 0, reverse: false }] };
    const change = { scripts: [script], syncGroups: [group({ members: ['VA'] })] };
    const line = timeline([tracked], change, { scriptsEnd: false });
    line.at(3.01, (node) => {
      const exit = { id: 1, outcome: { kind: 'signalled', signal: 'SIGTERM' }, output: '', durationUs: 0 } as const;
      return node.event({ kind: 'scriptExited', exit });
    });
    line.at(12.01, stop);
    expect(line.told.filter((told) => told.includes('"VA"'))).toEqual([
      '3.01 INSTANCE "VA" FAULT 100',
      '12.01 INSTANCE "VA" STOP 100',
    ]);
  });

  it('X1: one that is gone does not count as a success, as it does with keepalived', () => {
    const tracked = { priority: 150, trackScripts: [{ name: 'chk', weight: 0, reverse: false }] };
    const line = timeline([tracked], { scripts: [scriptConfig()] }, { scriptsEnd: false });
    for (let id = 1; id < 9; id++) {
      const outcome =
        id <= 3 ? ({ kind: 'exited', code: 1 } as const) : ({ kind: 'not-started', message: 'no such file' } as const);
      const exit = { id, outcome, output: '', durationUs: 1000 };
      line.at(id - 0.96, (node) => node.event({ kind: 'scriptExited', exit }));
    }
    line.at(8.5, stop);
    expect(line.told).toEqual(['0.04 INSTANCE "VI_1" FAULT 150', '8.50 INSTANCE "VI_1" STOP 150']);
  });
});

describe('after a crash or a standstill', () => {
  it('X2: who comes back after kill -9 removes what it held, and begins as BACKUP', () => {
    const held = [link({ ips: [OWN, '10.0.0.100'] })];
    const line = timeline([{ priority: 150 }], {}, { links: held });
    line.at(7.2, stop);
    expect(line.told).toEqual([
      '0.00 INSTANCE "VI_1" BACKUP 150',
      '3.41 INSTANCE "VI_1" MASTER 150',
      '7.20 INSTANCE "VI_1" STOP 150',
    ]);
    const seen: string[] = [];
    testNode(nodeConfig(), held, { onEffect: (effect) => seen.push(...kinds([effect])) });
    expect(seen[0]).toBe('removeAddresses');
  });

  it('X3: a MASTER that stood still tells of each advert of the lower one, and stays', () => {
    const line = timeline([{ priority: 150 }]);
    line.at(4.9, () => undefined);
    for (let i = 0; i < 3; i++) line.at(11.02, (node) => node.hear({ priority: 100 }));
    line.at(16.01, stop);
    expect(line.told).toEqual([
      '0.00 INSTANCE "VI_1" BACKUP 150',
      '3.41 INSTANCE "VI_1" MASTER 150',
      ...Array.from({ length: 3 }, () => '11.02 INSTANCE "VI_1" MASTER_RX_LOWER_PRI 150'),
      '16.01 INSTANCE "VI_1" STOP 150',
    ]);
  });

  it('X3: the lower one is MASTER after master-down, and gives way to the first advert', () => {
    const line = timeline([{ priority: 100 }]);
    for (const at of [3.42, 4.42, 11.02, 12.02, 13.02, 14.02, 15.02])
      line.at(at, (node) => node.hear({ priority: 150 }));
    line.at(16.01, (node) => node.hear({ priority: 0 }));
    line.at(17.03, stop);
    expect(line.told).toEqual([
      BACKUP,
      '8.03 INSTANCE "VI_1" MASTER 100',
      '11.02 INSTANCE "VI_1" BACKUP 100',
      '16.62 INSTANCE "VI_1" MASTER 100',
      '17.03 INSTANCE "VI_1" STOP 100',
    ]);
  });
});
