// Kernel settings and their way back, on a folder in place of /proc/sys/net.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
const read = (path: string) => readFileSync(join(root, path), 'utf8').trim();
const setting = (value: string, name = 'arp_filter', on = 'eth0.10') => ({ path: ['ipv4', 'conf', on, name], value });

describe('kernel settings', () => {
  it('hold for their owners, and come back when the last one lets go', () => {
    write('ipv4/conf/eth0.10/arp_filter', '0');
    const sysctls = createSysctls(root);
    expect(sysctls.hold('a', [setting('1')])).toEqual([{ ok: true }]);
    sysctls.hold('b', [setting('1')]);
    sysctls.hold('a', []);
    expect(read('ipv4/conf/eth0.10/arp_filter')).toBe('1');
    sysctls.hold('b', []);
    expect(read('ipv4/conf/eth0.10/arp_filter')).toBe('0');
  });

  it('stay as somebody else has set them meanwhile', () => {
    write('ipv4/conf/eth0.10/arp_filter', '0');
    const sysctls = createSysctls(root);
    sysctls.hold('a', [setting('1')]);
    write('ipv4/conf/eth0.10/arp_filter', '2');
    sysctls.hold('a', []);
    expect(read('ipv4/conf/eth0.10/arp_filter')).toBe('2');
  });

  it('are set again on an interface made anew, whose first value is still known', () => {
    write('ipv4/conf/eth0.10/arp_filter', '0');
    const sysctls = createSysctls(root);
    sysctls.hold('a', [setting('1')]);
    write('ipv4/conf/eth0.10/arp_filter', '0');
    sysctls.hold('a', [setting('1')]);
    expect(read('ipv4/conf/eth0.10/arp_filter')).toBe('1');
    rmSync(join(root, 'ipv4'), { recursive: true });
    expect(() => sysctls.hold('a', [])).not.toThrow();
  });

  it('say what cannot be set, and never leave their folder', () => {
    write('outside', '0');
    const sysctls = createSysctls(root);
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
