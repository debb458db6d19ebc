import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPages } from '../../src/cli/explain.ts';
import { bareLine, explainLog, nearestLogs, searchLogs } from '../../src/judge/explain-log.ts';
import { LOG_ENTRIES } from '../../src/judge/log-lines.ts';

const pages = readPages();
const TRACES = new URL('../../../shared/corpus/traces/', import.meta.url);

/** The text as it could stand in a log. */
const sample = (log: string): string =>
  log.replace(/%[-+ 0-9.*]*(?:hh|h|ll|l|z)?([a-z])/g, (_, kind) => (kind === 's' || kind === 'm' ? 'eth0' : '7'));

describe('the tables of log lines', () => {
  it('know several hundred texts, none of them twice', () => {
    const logs = LOG_ENTRIES.flatMap((entry) => entry.logs);
    expect(LOG_ENTRIES.length).toBeGreaterThan(120);
    expect(logs.filter((log, i) => logs.indexOf(log) !== i)).toEqual([]);
  });

  it('explain each with whole sentences, and name only pages that there are', () => {
    const ids = new Set(pages.map(({ id }) => id));
    for (const { logs, means, look, finding } of LOG_ENTRIES) {
      expect([logs, means, look]).toEqual([logs, expect.stringMatching(/^\S.*[.:]$/), expect.stringMatching(/\S$/)]);
      if (finding !== undefined) expect(ids).toContain(finding);
    }
  });

  it('find every text of their own, with its placeholders filled', () => {
    const lost = LOG_ENTRIES.flatMap((entry) =>
      entry.logs.filter((log) => explainLog(`(VI_1) ${sample(log)}`)?.entry !== entry),
    );
    expect(lost).toEqual([]);
  });
});

describe('a line of a log', () => {
  it.each([
    'Nov 22 13:04:44 lb1 Keepalived_vrrp[39]: (VI_1) Entering FAULT STATE',
    '2026-11-22T13:04:44.123456+01:00 lb1 Keepalived_vrrp[39]: (VI_1) Entering FAULT STATE',
    'Sun Nov 22 12:49:53 2026: (VI_1) Entering FAULT STATE',
    'Keepalived_vrrp[39]: (VI_1) Entering FAULT STATE',
    'VRRP_Instance(VI_1) Now in FAULT state',
    '2026-11-22T13:04:44.123Z (VI_1) Entering FAULT STATE - interface eth0 down',
    '(VI_1): entering FAULT state (src address not configured)',
    '(/etc/keepalived/a.conf: Line 9) (VI_1) Cannot use unicast without any peers - going to fault state',
    '  1.573 s  lb2  (VI_1) Entering FAULT STATE - interface eth0 down',
  ])('is known whatever stands in front: %s', (line) => {
    expect(explainLog(line)).toMatchObject({ instance: 'VI_1', entry: { level: 'error' } });
  });

  it.each([
    ['Entering BACKUP STATE (init)', /has started/],
    ['Entering BACKUP STATE', /Another router is MASTER/],
    ['VRRP_Script(chk) failed (exited with status 1)', /as often as fall/],
    ['Script `chk` now returning 1', /rise and fall/],
    ['(VI_1) ip address associated with VRID 51 not present in MASTER advert : 192.0.2.1', /does not name an address/],
    ["(/etc/keepalived/keepalived.conf: Line 7) Unknown keyword 'prioriy'", /does not know/],
    ['SECURITY VIOLATION - scripts are being executed but script_security not enabled.', /run as root/],
    ['Interface eth0 deleted', /is gone/],
    ['Netlink: filter function error', /make sense/],
    ['Netlink: error: Operation not permitted(1), type=RTM_NEWADDR(20)', /CAP_NET_ADMIN/],
  ])('%s: the nearest of several texts is meant', (line, means) => {
    expect(explainLog(line)?.entry.means).toMatch(means);
  });

  it('is bare without time, host and program', () => {
    expect(bareLine('Nov  2 03:04:44 lb-1.example Keepalived_vrrp[39]: Stopping')).toBe('Stopping');
    expect(bareLine('kavtui: Stopping')).toBe('Stopping');
  });

  it('of another program is not known, and has no nearest text', () => {
    expect(explainLog('Accepted publickey for root from 192.0.2.9')).toBeUndefined();
    expect(nearestLogs('zzz yyy xxx')).toEqual([]);
    expect(searchLogs('advert')).toEqual([]);
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
        explainLog(text);
        nearestLogs(text);
        searchLogs(text);
      }),
    );
  });
});

describe.skipIf(!existsSync(TRACES))('what routers of recorded traces logged', () => {
  it('is known, every line', () => {
    const unknown = new Set<string>();
    let known = 0;
    for (const folder of readdirSync(TRACES)) {
      const files = readdirSync(new URL(`${folder}/`, TRACES)).filter((name) => name.endsWith('.log'));
      for (const file of files) {
        const lines = readFileSync(new URL(`${folder}/${file}`, TRACES), 'utf8').split('\n');
        for (const line of lines.filter((each) => /^[A-Z][a-z]{2} [A-Z][a-z]{2} .*\d{4}: \S/.test(each))) {
          if (explainLog(line) === undefined) unknown.add(bareLine(line));
          else known++;
        }
      }
    }
    expect([...unknown]).toEqual([]);
    expect(known).toBeGreaterThan(100);
  });
});
