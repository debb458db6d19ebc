// A configuration of this host beside what is heard: whose the role is, what agrees, what is wrong.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { configuredHost } from '../../src/judge/configured-host.ts';
import { joinFindings, joinWire } from '../../src/judge/join-wire.ts';
import type { ReadDump } from '../../src/observe/local-router.ts';
import { routerName } from '../../src/session/watch-picture.ts';
import { advert, hearing } from '../observe/wire-lab.ts';

const [HERE, OTHER, VIP] = ['192.0.2.12', '192.0.2.11', '192.0.2.100'];

function hostWith(...lines: readonly string[]) {
  const text = `vrrp_instance VI_1 {
 interface eth0
 virtual_router_id 51
 priority 90
 ${lines.join('\n ')}
}
vrrp_instance VI_2 {
 interface eth0
 virtual_router_id 52
 virtual_ipaddress {
  192.0.2.101
 }
}
`;
  return configuredHost('this host', 'a.conf', parseConfig(text, 'a.conf'));
}

function segmentsOf(master: string, change: Parameters<typeof advert>[1] = {}) {
  const heard = hearing();
  heard.hear(0, advert(master, change));
  heard.hear(1, advert(master, change));
  return heard.observer.snapshot().segments;
}

const VIPS = ['virtual_ipaddress {', ` ${VIP}`, '}'];

function join(lines: readonly string[], master: string, own: readonly string[], dumps: readonly ReadDump[] = []) {
  const host = hostWith(...lines);
  const segments = segmentsOf(master);
  const input = { host, segments, own: new Set(own), dumps, nameOf: routerName };
  return { rows: joinWire({ ...input, process: { pid: 7, name: 'keepalived' } }), findings: joinFindings(input) };
}

const dump = (state: string, more = {}): ReadDump => ({
  ...{ kind: 'data', file: '/tmp/keepalived.data', writtenAt: 0 },
  instances: [{ name: 'VI_1', state, ...more }],
});

describe('a router of this host beside the wire', () => {
  it('gives its name to the virtual router that is heard, and tells of one that is not', () => {
    const { rows } = join(VIPS, OTHER, [HERE]);
    expect(rows.map(({ name, router, heard, role }) => [name, router, heard, role])).toEqual([
      ['VI_1', 'eth0 v4 51', true, 'BACKUP'],
      ['VI_2', 'eth0 v4 52', false, 'none'],
    ]);
  });

  it('is MASTER when the adverts come from an address of this host', () => {
    const [row] = join(VIPS, HERE, [HERE, VIP]).rows;
    expect(row).toMatchObject({ role: 'MASTER', priority: 90 });
    expect(row!.agreement.every(({ ok }) => ok)).toBe(true);
  });

  it('tells of an address that this MASTER has not set', () => {
    const [row] = join(VIPS, HERE, [HERE]).rows;
    expect(row!.agreement).toContainEqual({ ok: false, text: `this host is MASTER and has not set ${VIP}` });
  });

  it('finds what a silent BACKUP has otherwise than the MASTER', () => {
    const lines = ['virtual_ipaddress {', ' 192.0.2.55', '}', 'advert_int 2'];
    const { rows, findings } = join(lines, OTHER, [HERE]);
    expect(findings.map(({ finding }) => [finding.id, finding.severity, finding.confidence])).toEqual([
      ['D07', 'error', 'proven'],
      ['D21', 'error', 'proven'],
    ]);
    expect(findings[0]!.finding.evidence.map(({ kind }) => kind)).toEqual(['configuration', 'frame']);
    expect(rows[0]!.agreement.filter(({ ok }) => !ok)).toHaveLength(2);
    // What this host sends itself is no disagreement with another router.
    expect(join(lines, HERE, [HERE]).findings).toEqual([]);
  });

  it.each([
    ['MASTER', OTHER, `data dump: MASTER, the wire: ${OTHER} is MASTER`],
    ['BACKUP', HERE, 'data dump: BACKUP, the wire: this host is MASTER'],
  ])('says that a dump (%s) and the wire (%s) contradict each other', (state, master, text) => {
    const [row] = join(VIPS, master, [HERE, VIP], [dump(state)]).rows;
    expect(row!.agreement).toContainEqual({ ok: false, text });
  });

  it.each([
    ['eth0', 7, false, 'eth0 v4 51'],
    ['eth0', 0, true, 'eth0 v4 51'],
    ['eth0.7', 7, true, 'eth0.7 v4 51'],
    ['eth0.7', 8, false, 'eth0.7 v4 51'],
  ])('on %s hears what comes on eth0 with VLAN %i: %s', (name, vlan, heard, router) => {
    const host = hostWith(...VIPS, `interface ${name}`);
    const input = { host, segments: segmentsOf(OTHER, { vlan }), own: new Set([HERE]), dumps: [], nameOf: routerName };
    const [row] = joinWire({ ...input, process: { pid: 7, name: 'keepalived' } });
    expect([row!.heard, row!.router]).toEqual([heard, router]);
  });

  it('a dump of another keepalived is not taken for that of this one', () => {
    const others = [dump('MASTER', { vrid: 99 }), dump('MASTER', { interface: 'eth7' })];
    expect(join(VIPS, OTHER, [HERE], others).rows[0]!.dumps).toEqual([]);
    expect(join(VIPS, OTHER, [HERE], [dump('BACKUP', { vrid: 51, interface: 'eth0' })]).rows[0]!.dumps).toHaveLength(1);
  });
});
