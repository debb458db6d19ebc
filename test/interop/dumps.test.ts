// The dump files that exporters ask a keepalived for by signals: kavtui writes the same ones, read here by one reader.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sleep, until } from '../support/host.ts';
import { type Bench, labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { type RouterProcess, UNDER_TEST } from '../support/router-process.ts';

const SIGNALS = { 'keepalived.data': 'SIGUSR1', 'keepalived.stats': 'SIGUSR2', 'keepalived.json': 36 } as const;

/** Longer than the master-down time of the slowest instance. */
const SETTLE_MS = 5000;

/** Counters that depend on the moment of the signal, by at most a few adverts. */
const RUNNING = ['advert_sent', 'advert_rcvd'];

const instance = (name: string, vrid: number, priority: number, lines: readonly string[]) =>
  [
    `vrrp_instance ${name} {`,
    'interface eth0',
    `virtual_router_id ${vrid}`,
    `priority ${priority}`,
    ...lines,
    '}',
  ].join('\n');

/** Three instances that use most of what the dumps show. */
const config = (priority: number) => `
global_defs {
  router_id DUMP
  script_user root
  enable_script_security
  vrrp_garp_master_delay 1
}
vrrp_script chk {
  script "/usr/bin/test -e /"
  interval 1
  timeout 1
  rise 2
  fall 3
  weight 7
}
vrrp_sync_group G {
  group {
    V2
    V3
  }
}
${instance('V2', 51, priority, [
  'state BACKUP',
  'version 2',
  'advert_int 1',
  'authentication {',
  'auth_type PASS',
  'auth_pass geheim',
  '}',
  'virtual_ipaddress {',
  '10.0.0.100/24 label eth0:vip',
  '}',
  'virtual_ipaddress_excluded {',
  '10.0.0.101',
  '}',
  'notify_master "/usr/bin/true master"',
  'notify "/usr/bin/true any"',
])}
${instance('V3', 52, priority, [
  'state BACKUP',
  'version 3',
  'nopreempt',
  'advert_int 0.5',
  'virtual_ipaddress {',
  '10.0.0.102',
  '}',
])}
${instance('V6', 53, priority, [
  'state BACKUP',
  'version 3',
  'preempt_delay 2',
  'advert_int 0.2',
  'track_script {',
  'chk',
  '}',
  'track_interface {',
  'lo weight 3',
  '}',
  'virtual_ipaddress {',
  'fe80::53:1/64',
  'fd00::53',
  '}',
])}
`;

interface Dumped {
  readonly data: Readonly<Record<string, unknown>>;
  readonly stats: Readonly<Record<string, number>>;
}

interface Dumps {
  readonly json: readonly Dumped[];
  readonly stats: ReadonlyMap<string, number>;
  readonly data: readonly string[];
}

/** Sends the three signals and reads what came of them. */
async function dumpsOf(router: RouterProcess): Promise<Dumps> {
  const text = async (name: keyof typeof SIGNALS) => {
    const path = join(router.host.directory, name);
    process.kill(router.pid, SIGNALS[name]);
    await until(`${router.kind} writes ${name}`, 3000, () => statSync(path, { throwIfNoEntry: false })?.size);
    // keepalived writes data and stats in place, piece by piece.
    await sleep(200);
    expect(statSync(path).mode & 0o777, `mode of ${name}`).toBe(0o600);
    return readFileSync(path, 'utf8');
  };
  const json: readonly Dumped[] = JSON.parse(await text('keepalived.json'));
  const stats = parseStats(await text('keepalived.stats'));
  return { json, stats, data: (await text('keepalived.data')).split('\n') };
}

/** `V2/Packet Errors/Length` → 0. */
function parseStats(text: string): ReadonlyMap<string, number> {
  const path: string[] = [];
  const counters = new Map<string, number>();
  for (const line of text.trimEnd().split('\n')) {
    const [, blanks, label, value] = /^( *)(.+?):(?: (.+))?$/.exec(line) ?? [];
    if (blanks === undefined || label === undefined) throw new Error(`not a line of stats: ${line}`);
    path.length = blanks.length / 2;
    path.push(label === 'VRRP Instance' ? value! : label);
    if (value !== undefined && label !== 'VRRP Instance') counters.set(path.join('/'), Number(value));
  }
  return counters;
}

function expectSameJson(ours: Dumps, theirs: Dumps): void {
  for (const [index, { data, stats }] of theirs.json.entries()) {
    const own = ours.json[index]!;
    expect(Object.keys(own.data)).toEqual(Object.keys(data));
    const timed = { last_transition: expect.closeTo(data.last_transition as number, -1) };
    const masked = 'auth_data' in data && UNDER_TEST === 'kavtui' ? { auth_data: '****' } : {};
    expect(own.data).toEqual({ ...data, ...timed, ...masked });
    expect(Object.keys(own.stats)).toEqual(Object.keys(stats));
    for (const [name, value] of Object.entries(stats)) {
      const slack = RUNNING.includes(name) ? 15 : 0;
      expect(Math.abs(own.stats[name]! - value), `${data.iname} ${name}`).toBeLessThanOrEqual(slack);
    }
  }
  expect(ours.json).toHaveLength(theirs.json.length);
}

function expectSameLabels(ours: Dumps, theirs: Dumps): void {
  expect([...ours.stats.keys()]).toEqual([...theirs.stats.keys()]);
  const label = (line: string) => line.replace(/ (?:= |Last checked ).*/, '');
  const known = new Set(theirs.data.map(label));
  expect(ours.data.map(label).filter((line) => !known.has(line))).toEqual([]);
}

async function compare({ start }: Bench, priority: number): Promise<readonly [Dumps, Dumps]> {
  const routers = [start(UNDER_TEST, 1, config(priority)), start('keepalived', 2, config(priority))] as const;
  await sleep(SETTLE_MS);
  const dumps = await Promise.all([dumpsOf(routers[0]), dumpsOf(routers[1])]);
  expectSameJson(...dumps);
  expectSameLabels(...dumps);
  return dumps;
}

describeWithRoot('the dump files', ['keepalived', 'tcpdump'], () => {
  labTest(`of a MASTER: ${UNDER_TEST} writes what keepalived 2.2.7 writes`, async (bench) => {
    await bench.lab.partition();
    const [ours] = await compare(bench, 100);
    expect(ours.json.map(({ data }) => data.state)).toEqual([2, 2, 2]);
    expect(ours.stats.get('V6/Became master')).toBe(1);
    expect(ours.stats.get('V6/Advertisements/Sent')).toBeGreaterThan(10);
  });

  labTest(
    `of a BACKUP: ${UNDER_TEST} writes what keepalived 2.2.7 writes`,
    async (bench) => {
      bench.start('keepalived', 3, config(200));
      await bench.lab.wire.firstAdvert({ from: 3, vrid: 51 }, 8000);
      const [ours] = await compare(bench, 100);
      expect(ours.json.map(({ data }) => [data.state, data.master_priority])).toEqual([
        [1, 200],
        [1, 200],
        [1, 210],
      ]);
      expect(ours.stats.get('V6/Advertisements/Received')).toBeGreaterThan(10);
    },
    { hosts: [1, 2, 3] },
  );
});
