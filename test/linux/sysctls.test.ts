// Kernel settings and their way back, on a folder in place of /proc/sys/net.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSettingsMemo } from '../../src/linux/settings-memo.ts';
import { createSysctls, reversePathSettings } from '../../src/linux/sysctls.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kavtui-sysctl-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, value: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${value}\n`);
}
/** A router that starts: what it writes down lies beside the settings. */
const start = () => createSysctls(root, createSettingsMemo(root));
const read = (path: string) => readFileSync(join(root, path), 'utf8').trim();
const setting = (value: string, name = 'arp_filter', on = 'eth0.10') => ({ path: ['ipv4', 'conf', on, name], value });

describe('kernel settings', () => {
  it('hold for their owners, and come back when the last one lets go', () => {
    write('ipv4/conf/eth0.10/arp_filter', '0');
    const sysctls = start();
    expect(sysctls.hold('a', [setting('1')])).toEqual([{ ok: true }]);
    sysctls.hold('b', [setting('1')]);
    sysctls.hold('a', []);
    expect(read('ipv4/conf/eth0.10/arp_filter')).toBe('1');
    sysctls.hold('b', []);
    expect(read('ipv4/conf/eth0.10/arp_filter')).toBe('0');
  });

  it('stay as somebody else has set them meanwhile', () => {
    write('ipv4/conf/eth0.10/arp_filter', '0');
    const sysctls = start();
    sysctls.hold('a', [setting('1')]);
    write('ipv4/conf/eth0.10/arp_filter', '2');
    sysctls.hold('a', []);
    expect(read('ipv4/conf/eth0.10/arp_filter')).toBe('2');
  });

  it('are set again on an interface made anew, whose first value is still known', () => {
    write('ipv4/conf/eth0.10/arp_filter', '0');
    const sysctls = start();
    sysctls.hold('a', [setting('1')]);
    write('ipv4/conf/eth0.10/arp_filter', '0');
    sysctls.hold('a', [setting('1')]);
    expect(read('ipv4/conf/eth0.10/arp_filter')).toBe('1');
    rmSync(join(root, 'ipv4'), { recursive: true });
    expect(() => sysctls.hold('a', [])).not.toThrow();
  });

  it('say what cannot be set, and never leave their folder', () => {
    write('outside', '0');
    const sysctls = start();
    expect(sysctls.hold('a', [setting('1', 'arp_filter', 'nosuch0')])).toMatchObject([
      { ok: false, message: 'cannot set net.ipv4.conf.nosuch0.arp_filter to 1: ENOENT' },
    ]);
    for (const path of [['ipv4', '..', 'outside'], ['ipv4', '../outside'], ['']]) {
      expect(sysctls.hold('a', [{ path, value: '1' }])).toMatchObject([{ ok: false }]);
      expect(sysctls.set({ path, value: '1' })).toMatchObject({ ok: false });
    }
    expect(read('outside')).toBe('0');
  });

  it('of rp_filter move from all interfaces to each that has less', () => {
    for (const [name, value] of Object.entries({ all: '1', default: '0', eth0: '2', eth1: '0' })) {
      write(`ipv4/conf/${name}/rp_filter`, value);
    }
    const moved = reversePathSettings(root).map(({ path, value }) => `${path[2]} ${value}`);
    expect(moved.sort()).toEqual(['all 0', 'default 1', 'eth1 1']);
    write('ipv4/conf/all/rp_filter', '0');
    expect(reversePathSettings(root)).toEqual([]);
  });
});

describe('kernel settings after kill -9', () => {
  const FILTER = 'ipv4/conf/eth0.10/arp_filter';
  const IGNORE = 'ipv4/conf/eth0.10/arp_ignore';
  const files = () => readdirSync(root).filter((name) => name.startsWith('kavtui-'));

  it('come back with the end of the next run, also those that it does not hold', () => {
    write(FILTER, '0');
    write(IGNORE, '2');
    start().hold('a', [setting('1'), setting('1', 'arp_ignore')]);
    const next = start();
    next.hold('a', [setting('1')]);
    next.hold('b', [setting('1')]);
    next.hold('a', []);
    expect([read(FILTER), read(IGNORE)]).toEqual(['1', '1']);
    next.hold('b', []);
    expect([read(FILTER), read(IGNORE), files()]).toEqual(['0', '2', []]);
  });

  it('stay as somebody has set them between', () => {
    write(FILTER, '0');
    start().hold('a', [setting('1')]);
    write(FILTER, '2');
    const next = start();
    next.hold('a', [setting('1')]);
    next.hold('a', []);
    expect(read(FILTER)).toBe('2');
  });

  it.each(['', '{}', '[null, {}, {"before":"7","setting":{"path":["..","..","x"],"value":"0"}}]'])(
    'are not led astray by a file with %s',
    (text) => {
      write(FILTER, '0');
      start().hold('a', [setting('1')]);
      writeFileSync(join(root, files()[0]!), text);
      write(FILTER, '0');
      const next = start();
      next.hold('a', [setting('1')]);
      next.hold('a', []);
      expect([read(FILTER), files()]).toEqual(['0', []]);
    },
  );
});
