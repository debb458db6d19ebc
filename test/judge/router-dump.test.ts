// Dumps as keepalived 2.2.7 wrote them for the file in the comment, cut to what is read.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dumpStats } from '../../src/engine/dump-stats.ts';
import { readRouterDump } from '../../src/judge/router-dump.ts';
import { fakeSnapshot } from '../support/fake-session.ts';

const DATA = `------< Global definitions >------
 Router ID = jn
------< VRRP Topology >------
 VRRP Instance = VI_1
   VRRP Version = 2
   Sync group = G1
   State = MASTER
   Flags: none
   Wantstate = MASTER
   Number of config faults = 0
   Number of interface and track script faults = 1
   Last transition = 1795384449.445313 (Sun Nov 22 21:54:09.445313 2026)
   Interface = jn0
   Using src_ip = 10.9.0.1
   Virtual Router ID = 51
   Priority = 150
   Effective priority = 155
   Total priority = 155
   Virtual IP (2):
     10.9.0.100/24 dev jn0 scope global set
     10.9.0.101/24 dev jn0 scope global
   fd_in 14, fd_out 15
   Tracked scripts :
     ok weight 5
     chk weight -10
   Using smtp notification = no
 VRRP Instance = VI_2
   State = BACKUP
   Interface = jn1, vmac on jn0
   Virtual Router ID = 52
   Priority = 120
   Effective priority = 110
------< VRRP Sockpool >------
 fd_in 14 fd_out = 15
   Interface = elsewhere
------< VRRP Scripts >------
 VRRP Script = chk
   Command = '/usr/bin/false'
   Status = BAD
 VRRP Script = ok
   Status = GOOD
------< Interfaces >------
 Name = jn0
   State = UP, RUNNING
`;

const STATS = `VRRP Instance: VI_1
  Advertisements:
    Received: 7
    Sent: 4
  Became master: 1
  Released master: 0
  Packet Errors:
    Length: 0
VRRP Instance: VI_2
  Advertisements:
    Received: 9
`;

const JSON_TEXT =
  '[{"data":{"iname":"VI_1","ifp_ifname":"jn0","last_transition":1795384449.445313,"vrid":51,"base_priority":150,' +
  '"effective_priority":155,"state":2,"vips":["10.9.0.100\\/24 dev jn0 scope global set"]},"stats":{"advert_rcvd":7}}]';

describe('a dump of keepalived', () => {
  it('of data tells state, priorities, addresses and scripts of each instance', () => {
    expect(readRouterDump('data', DATA)).toEqual([
      {
        ...{ name: 'VI_1', interface: 'jn0', vrid: 51, state: 'MASTER', priority: 150, effectivePriority: 155 },
        ...{ lastTransition: 1795384449.445313, faults: 1 },
        addresses: [
          { text: '10.9.0.100/24 dev jn0 scope global set', set: true },
          { text: '10.9.0.101/24 dev jn0 scope global', set: false },
        ],
        scripts: [
          { name: 'ok', status: 'GOOD' },
          { name: 'chk', status: 'BAD' },
        ],
      },
      { name: 'VI_2', interface: 'jn1', vrid: 52, state: 'BACKUP', priority: 120, effectivePriority: 110 },
    ]);
  });

  it('of statistics tells counters, under their headings', () => {
    const [first, second] = readRouterDump('stats', STATS);
    expect(first).toEqual({
      name: 'VI_1',
      counters: [
        ['Advertisements: Received', 7],
        ['Advertisements: Sent', 4],
        ['Became master', 1],
        ['Released master', 0],
        ['Packet Errors: Length', 0],
      ],
    });
    expect(second).toEqual({ name: 'VI_2', counters: [['Advertisements: Received', 9]] });
  });

  it.each([
    ['a list (2.2)', JSON_TEXT],
    ['an object with the list in it (2.4)', `{"vrrp":${JSON_TEXT},"json_version":2}`],
  ])('as JSON may be %s', (_, text) => {
    expect(readRouterDump('json', text)).toEqual([
      {
        ...{ name: 'VI_1', interface: 'jn0', vrid: 51, state: 'MASTER', priority: 150, effectivePriority: 155 },
        lastTransition: 1795384449.445313,
        addresses: [{ text: '10.9.0.100/24 dev jn0 scope global set', set: true }],
        counters: [['advert_rcvd', 7]],
      },
    ]);
  });

  it('of statistics that kavtui has written is read, too', () => {
    const dumped = readRouterDump('stats', dumpStats(fakeSnapshot(0)));
    expect(dumped.map(({ name }) => name)).toEqual(fakeSnapshot(0).instances.map(({ name }) => name));
    expect(dumped[0]!.counters).toContainEqual(['Became master', expect.any(Number)]);
  });

  it.each([
    ['data', 'a line of blanks', ' '.repeat(1 << 20)],
    ['stats', 'a line of blanks', ' '.repeat(1 << 20)],
    ['data', 'a line of words', 'word '.repeat(200_000)],
    [
      'data',
      'a list of addresses',
      `${DATA.slice(0, DATA.indexOf('   fd_in'))}${'     10.9.0.9/24 set\n'.repeat(200_000)}`,
    ],
  ] as const)('of %s that is %s takes no time', (kind, _, text) => {
    const began = performance.now();
    readRouterDump(kind, text);
    // Each was minutes, and is milliseconds.
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('may be anything', () => {
    const kinds = fc.constantFrom('data' as const, 'stats' as const, 'json' as const);
    const texts = fc.oneof(fc.string(), fc.json(), fc.constant(DATA.slice(0, 400)), fc.constant('[{"data":7}, null]'));
    fc.assert(fc.property(kinds, texts, (kind, text) => Array.isArray(readRouterDump(kind, text))));
  });
});
