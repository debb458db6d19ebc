// What a router finds wrong with itself: the trouble as its snapshot shows it, what is said, and that a healthy one says nothing.
import { describe, expect, it } from 'vitest';
import { readPages } from '../../src/cli/explain.ts';
import { evidenceText } from '../../src/cli/finding-lines.ts';
import type { EventRecord } from '../../src/engine/record.ts';
import type { InstanceSnapshot, ScriptSnapshot, Snapshot } from '../../src/engine/snapshot.ts';
import type { NodeFacts } from '../../src/judge/node-facts.ts';
import { faultTimes } from '../../src/judge/node-faults.ts';
import { NODE_RULES } from '../../src/judge/node-findings.ts';
import { ENGINE_START, fakeInstance, fakeMaster, fakeSnapshot, SECOND } from '../support/fake-session.ts';

const judged = (facts: NodeFacts) => NODE_RULES.flatMap((rule) => rule(facts));

const NOW = ENGINE_START + 100 * SECOND;
const START = NOW - 300 * SECOND;

const healthy = (more: Partial<ScriptSnapshot> = {}): ScriptSnapshot => ({
  ...fakeSnapshot(NOW).scripts[0]!,
  timeoutUs: SECOND,
  intervalUs: 2 * SECOND,
  ...more,
});

function facts(snapshot: Partial<Snapshot>, more: Partial<NodeFacts> = {}): NodeFacts {
  const whole = { ...fakeSnapshot(NOW), startedAt: START, instances: [], scripts: [], ...snapshot };
  const faultSince = faultTimes(new Map(), whole);
  return {
    snapshot: whole,
    latenessUs: 200,
    events: () => [],
    faultSince,
    heard: () => [],
    querier: () => undefined,
    ...more,
  };
}

const master = (more: Partial<InstanceSnapshot> = {}): InstanceSnapshot =>
  fakeMaster(NOW, { trackers: [], peers: [], ...more });

function inFault(reasons: readonly (readonly [kind: string, subject: string, text: string])[]): InstanceSnapshot {
  const faultReasons = reasons.map(([kind, subject, text]) => ({ kind, key: `${kind} ${subject}`, text }));
  return { ...master(), state: 'FAULT', since: NOW - 9 * SECOND, faultReasons } as InstanceSnapshot;
}

const record = (at: number, more: Partial<EventRecord>): EventRecord => ({
  ...{ seq: 1, at, level: 'info', kind: 'state', instance: 'VI_WEB', text: '' },
  ...more,
});

const run = (ok: boolean, durationUs: number) => ({ at: NOW, ok, durationUs });
const captured = { destination: '224.0.0.18', ah: false, intervalUs: SECOND, firstHeard: NOW - 60 * SECOND };
const heardNow = { ...captured, address: '10.0.0.2', lastHeard: NOW - 100_000 };
const peer = (heardAgo: number): InstanceSnapshot['peers'][number] => ({
  ...fakeInstance(NOW).peers[0]!,
  lastHeardAt: NOW - heardAgo,
});

interface Case {
  readonly name: string;
  readonly facts: NodeFacts;
  /** Id, severity, confidence. */
  readonly found: readonly string[];
  /** What title, evidence and fix have to hold. */
  readonly texts: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'every reason of a FAULT, with what set it and what clears it',
    facts: facts({
      instances: [
        inFault([
          ['forced', '', 'forced by the operator'],
          ['interface', 'eth3', 'interface eth3 is down'],
          ['source', '', 'no IPv4 address on eth0.10 to send from'],
          ['script', 'chk_http', 'script chk_http failed (exited with status 1)'],
          ['tracked-file', 'drain', 'drain is -254'],
          ['tracked-process', 'nginx', '0 of 1'],
          ['port', '', 'socket on eth0: EPERM'],
          ['address', '', 'VIP 192.0.2.10 cannot be added'],
          ['group', 'VI_B', 'VI_B of sync group G: interface eth4 is down'],
        ]),
      ],
      scripts: [healthy({ rise: 3 })],
      files: [{ name: 'drain', path: '/run/drain', value: -254, usedBy: [] }],
      processes: [{ name: 'nginx', command: 'nginx', count: 0, quorum: 1, ok: false, usedBy: [] }],
      overrides: [
        ...[
          { id: 1, instance: 'VI_WEB', kind: 'force-fault', text: 'forced FAULT', setAt: NOW, expiresAt: NOW } as const,
        ],
      ].map((override) => ({ ...override, who: 'alice', why: 'new kernel' })),
    }),
    found: ['D17 error proven'],
    texts: [
      'VI_WEB is in FAULT for 9 reasons',
      'operator alice (new kernel): forced by the operator; cleared when it is taken back',
      'kernel: interface eth3 is down; cleared when eth3 is there and up',
      'ip link set eth3 up',
      'succeeds 3 times in a row (runs each 2 s)',
      'file /run/drain',
      'echo 0 > /run/drain',
      'cleared when 1 of it run',
      'tried each second',
      'VI_B is well again',
    ],
  },
  {
    name: 'a FAULT that an operator wanted is no error',
    facts: facts({ instances: [inFault([['forced', '', 'forced by the operator']])] }),
    found: ['D17 info proven'],
    texts: ['VI_WEB is in FAULT: forced by the operator'],
  },
  {
    name: 'a start before the network',
    facts: facts({
      startedAt: NOW - 10 * SECOND,
      instances: [inFault([['source', '', 'no IPv4 address on eth0.10 to send from']])],
    }),
    found: ['D17 error proven', 'D16 warning likely'],
    texts: ['network-online.target'],
  },
  {
    name: 'a script that cannot be executed',
    facts: facts({ scripts: [healthy({ ok: false, lastResult: 'cannot be executed: EACCES', history: [] })] }),
    found: ['D13 error proven'],
    texts: ['namei -l /usr/local/bin/chk_http', 'EACCES'],
  },
  {
    name: 'a script in which a program is not found',
    facts: facts({
      scripts: [healthy({ ok: false, lastResult: 'exited with status 127', history: [run(false, 5000)] })],
    }),
    found: ['D14 error likely'],
    texts: ['a program in it is not found', 'env -i'],
  },
  {
    name: 'a script that prints its result in place of returning it',
    facts: facts({ scripts: [healthy({ lastOutput: 'checking\n1\n' })] }),
    found: ['D14 warning hint'],
    texts: ['prints a number and ends with 0', 'exit 1'],
  },
  {
    name: 'a script that complains and ends with 0',
    facts: facts({ scripts: [healthy({ lastOutput: 'curl: (7) Failed to connect: Connection refused' })] }),
    found: ['D14 warning hint'],
    texts: ['Connection refused'],
  },
  {
    name: 'a script that has never succeeded',
    facts: facts({
      scripts: [
        healthy({ ok: false, passes: 0, failures: 9, lastResult: 'exited with status 1', history: [run(false, 5000)] }),
      ],
    }),
    found: ['D14 warning hint'],
    texts: ['never succeeded', 'sudo -u'],
  },
  {
    name: 'a script that takes nearly its timeout',
    facts: facts({ scripts: [healthy({ history: [run(true, 900_000), run(true, 10_000)] })] }),
    found: ['D14 warning likely'],
    texts: ['the longest good one took 0.9 s; interval 2 s, timeout 1 s'],
  },
  {
    name: 'a script that hangs',
    facts: facts({ scripts: [healthy({ history: [run(false, 1_000_400)], lastResult: 'timed out after 1 s' })] }),
    found: ['D49 warning proven'],
    texts: ['1 timed out'],
  },
  {
    name: 'a script that runs longer than its interval at times',
    facts: facts({
      scripts: [healthy({ intervalUs: SECOND, timeoutUs: 9 * SECOND, history: [run(true, 1_200_000)] })],
    }),
    found: ['D49 info proven'],
    texts: ['1 took longer than the interval'],
  },
  {
    name: 'a script that starts the service itself',
    facts: facts({ scripts: [healthy({ command: 'systemctl is-active nginx || systemctl restart nginx' })] }),
    found: ['D14 warning likely'],
    texts: ['Restart=on-failure'],
  },
  {
    name: 'a script that only looks for a process',
    facts: facts({ scripts: [healthy({ command: '/usr/bin/killall -0 haproxy' })] }),
    found: ['D14 info hint'],
    texts: ['vrrp_track_process haproxy'],
  },
  {
    name: 'adverts that are captured and not delivered',
    facts: facts({ instances: [master({ peers: [peer(20 * SECOND)] })] }, { heard: () => [heardNow] }),
    found: ['D02 error proven'],
    texts: ['10.0.0.2: captured on eth0.10', 'meta l4proto vrrp accept', 'VI_WEB: the last one that was delivered'],
  },
  {
    name: 'adverts of a peer that was never delivered, behind an Authentication Header',
    facts: facts({ instances: [master({ authentication: 'AH' })] }, { heard: () => [{ ...heardNow, ah: true }] }),
    found: ['D02 error proven'],
    texts: ['none was delivered', 'meta l4proto ah accept'],
  },
  {
    name: 'a MASTER that cannot send',
    facts: facts(
      { instances: [master()] },
      {
        events: () => [
          record(NOW - 9 * SECOND, {
            kind: 'port',
            text: 'advert to 224.0.0.18 not sent: EPERM (operation not permitted)',
          }),
        ],
      },
    ),
    found: ['D35 error proven'],
    texts: ['its adverts to 224.0.0.18 are not sent', 'not sent: EPERM', 'filter output'],
  },
  {
    name: 'a MASTER whose group the switch has forgotten',
    facts: facts({ instances: [master({ peers: [peer(40 * SECOND)] })] }),
    found: ['D03 warning hint'],
    texts: ['260 s after this router joined', 'no querier', 'single-sided view'],
  },
  {
    name: 'an address that another program has taken away',
    facts: facts(
      { instances: [master({ state: 'BACKUP' })] },
      {
        events: () => [
          record(NOW - 9 * SECOND, { kind: 'address', text: 'VIP 192.0.2.10 was removed by another program' }),
        ],
      },
    ),
    found: ['D15 warning proven'],
    texts: ['192.0.2.10 was taken away', 'networkctl status eth0.10'],
  },
  {
    name: 'a MASTER for long whose address is not there',
    facts: facts({
      instances: [master({ addresses: [{ ...master().addresses[0]!, present: false }] })],
    }),
    found: ['D15 error likely'],
    texts: ['VI_WEB is MASTER and 192.0.2.10 is not there'],
  },
  {
    name: 'a takeover for a moment after the start',
    facts: facts(
      { instances: [master({ state: 'BACKUP' })] },
      {
        events: () => [
          record(START + 4 * SECOND, { state: 'MASTER', text: 'Entering MASTER STATE' }),
          record(START + 5 * SECOND, {
            state: 'BACKUP',
            text: 'Entering BACKUP STATE',
            cause: '10.0.0.2 has higher priority 200',
          }),
        ],
      },
    ),
    found: ['D18 warning likely'],
    texts: ['for 1 s', 'vrrp_startup_delay'],
  },
  {
    name: 'a loop that comes late',
    facts: facts({ instances: [master()] }, { latenessUs: 400_000 }),
    found: ['D10 warning proven'],
    texts: ['late by 0.4 s; shortest interval 1 s'],
  },
];

describe('a running router', () => {
  it.each(CASES)('tells of $name', ({ facts: given, found, texts }) => {
    const findings = judged(given);
    expect(findings.map(({ id, severity, confidence }) => `${id} ${severity} ${confidence}`)).toEqual(found);
    const told = findings
      .flatMap(({ title, evidence, why, fix }) => [title, ...evidence.map(evidenceText), why, fix])
      .join('\n');
    for (const text of texts) expect(told).toContain(text);
    for (const { title, why, fix } of findings)
      for (const text of [title, why, fix]) expect(text.length).toBeGreaterThan(9);
  });

  const well = peer(500_000);
  it.each<[string, NodeFacts]>([
    ['all is well', facts({ instances: [master({ peers: [well] }), fakeInstance(NOW)], scripts: [healthy()] })],
    ['what is captured is delivered', facts({ instances: [master({ peers: [well] })] }, { heard: () => [heardNow] })],
    [
      'a captured advert is its own, of another group, or unprotected beside protected ones',
      facts(
        { instances: [master()] },
        {
          heard: () => [
            { ...heardNow, address: '10.0.0.1' },
            { ...heardNow, destination: '224.0.0.19' },
            { ...heardNow, ah: true },
          ],
        },
      ),
    ],
    [
      'a captured router fell silent',
      facts({ instances: [master()] }, { heard: () => [{ ...heardNow, lastHeard: NOW - 9 * SECOND }] }),
    ],
    [
      'more routers speak than are remembered',
      facts(
        { instances: [master({ peers: Array.from({ length: 32 }, (_, i) => ({ ...well, address: `10.0.1.${i}` })) })] },
        { heard: () => [heardNow] },
      ),
    ],
    [
      'a querier keeps the group alive',
      facts({ instances: [master({ peers: [peer(40 * SECOND)] })] }, { querier: () => NOW - 9 * SECOND }),
    ],
    [
      'an address is being set',
      facts({
        instances: [master({ since: NOW - SECOND, addresses: [{ ...master().addresses[0]!, present: false }] })],
      }),
    ],
    [
      'its takeover after the start was needed',
      facts(
        { instances: [master({ state: 'BACKUP' })] },
        {
          events: () => [
            record(START + 4 * SECOND, { state: 'MASTER' }),
            record(START + 40 * SECOND, { state: 'BACKUP', cause: '10.0.0.2 has higher priority 200' }),
          ],
        },
      ),
    ],
  ])('says nothing while %s', (_, given) => {
    expect(judged(given)).toEqual([]);
  });

  it('does not blame the IP stack where there is no socket', () => {
    const found = judged(facts({ instances: [inFault([['port', '', 'EPERM']])] }, { heard: () => [heardNow] }));
    expect(found.map(({ id }) => id)).toEqual(['D17']);
  });

  it('remembers since when each reason of a FAULT holds, and forgets those that have gone', () => {
    const first = { ...fakeSnapshot(NOW), instances: [inFault([['interface', 'eth3', 'down']])] };
    const times = faultTimes(new Map(), first);
    expect([...times]).toEqual([['VI_WEB|interface eth3', NOW - 9 * SECOND]]);
    const both = inFault([
      ['interface', 'eth3', 'down'],
      ['port', '', 'EPERM'],
    ]);
    const later = { ...first, takenAt: NOW + SECOND, instances: [both] };
    expect(faultTimes(times, later).get('VI_WEB|port ')).toBe(NOW + SECOND);
    expect(faultTimes(times, later).get('VI_WEB|interface eth3')).toBe(NOW - 9 * SECOND);
    expect(faultTimes(times, { ...first, instances: [master()] }).size).toBe(0);
  });

  it('has a page for each', () => {
    const pages = readPages().map(({ id }) => id);
    expect(pages).toEqual(expect.arrayContaining(CASES.flatMap(({ found }) => found.map((line) => line.slice(0, 3)))));
  });
});
