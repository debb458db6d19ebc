// One router in a namespace, and only the rights that it needs.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/host.ts';
import { startWorld } from '../support/remote-world.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { type LinuxPair, linuxPair } from './linux-pair.ts';

describeWithRoot('Linux', [], () => {
  describe('beside others', () => {
    let pair: LinuxPair;
    beforeAll(async () => {
      pair = await linuxPair();
    });
    afterAll(() => pair.close());

    it('lets one process of a namespace have the lock, names its pid to the others, and frees it when it dies', async () => {
      const second = await startWorld(pair.namespaces.left);
      expect(await pair.left.call('claimNamespace')).toMatchObject({ ok: true });
      expect(await pair.right.call('claimNamespace')).toMatchObject({ ok: true });
      const refused = await second.call<{ ok: boolean; pid: number; message: string }>('claimNamespace');
      expect(refused).toMatchObject({ ok: false, message: expect.stringContaining(`${refused.pid}`) });
      expect(existsSync(`/proc/${refused.pid}`)).toBe(true);
      process.kill(refused.pid, 'SIGKILL');
      await until('the lock is free', 2000, async () => (await second.call<{ ok: boolean }>('claimNamespace')).ok);
      await second.close();
    });

    it('works without rights as far as it can: links yes, sockets refused', async () => {
      const plain = await startWorld(pair.namespaces.right, {
        wrapper: ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'],
      });
      expect(await plain.call('missingPrivileges')).not.toEqual(null);
      expect(JSON.stringify(await plain.call('network.links'))).toContain('10.9.0.2');
      expect(await plain.call('vrrp.open', { interface: 'v2', family: 4, groups: [] })).toMatchObject({
        code: 'EPERM',
      });
      expect(await plain.call('capture.open', 'v2')).toMatchObject({ code: 'EPERM' });
      const spec = { interface: 'v2', address: '10.77.0.1', prefix: 32, scope: 0 };
      expect(await plain.call('network.addAddresses', [spec])).toMatchObject([{ code: 'EPERM' }]);
      await plain.close();
    });

    it('works as a plain user with the two capabilities of the advice', async () => {
      const names = '+net_raw,+net_admin';
      const wrapper = [
        'setpriv',
        '--reuid',
        '65534',
        '--regid',
        '65534',
        '--clear-groups',
        '--inh-caps',
        names,
        '--ambient-caps',
        names,
      ];
      const able = await startWorld(pair.namespaces.right, { wrapper });
      expect(await able.call('missingPrivileges')).toEqual(null);
      expect(await able.call('vrrp.open', { interface: 'v2', family: 4, groups: ['224.0.0.18'] })).toEqual({
        ok: true,
      });
      const spec = { interface: 'v2', address: '10.77.0.1', prefix: 32, scope: 0 };
      expect(await able.call('network.addAddresses', [spec])).toEqual([{ ok: true }]);
      await pair.until('it announces', async () => {
        const place = { interface: 'v2', address: '10.77.0.1' };
        const [result] = await able.call<{ ok: boolean }[]>('network.announce', [place]);
        return result!.ok;
      });
      await able.close();
    });
  });
});

describeWithRoot('Linux beside keepalived', ['keepalived'], () => {
  it('finds keepalived in its own namespace, not in another, and refuses unless told to take over', async () => {
    const pair = await linuxPair();
    const folder = mkdtempSync(join(tmpdir(), 'kavtui-beside-'));
    const at = (name: string): string => join(folder, name);
    const instance = 'interface v1\n virtual_router_id 51\n state BACKUP\n virtual_ipaddress {\n  10.9.0.100\n }';
    writeFileSync(at('conf'), `vrrp_instance VI_1 {\n ${instance}\n}\n`);
    const words = ['-n', '-f', at('conf'), '-p', at('pid'), '-r', at('vrrp'), '-l'];
    const child = spawn('ip', ['netns', 'exec', pair.namespaces.left, 'keepalived', ...words], { stdio: 'ignore' });
    try {
      await pair.until('it is found', async () => (await pair.left.call<unknown[]>('findOtherRouters')).length > 0);
      const [first] = await pair.left.call<object[]>('findOtherRouters');
      expect(first).toEqual({ pid: child.pid, name: 'keepalived' });
      expect(await pair.right.call('findOtherRouters')).toEqual([]);
      expect(await pair.left.call('claimNamespace')).toMatchObject({
        ok: false,
        pid: child.pid,
        message: expect.stringMatching(/^keepalived runs .*--take-over$/),
      });
      expect(await pair.left.call('claimNamespace', true)).toMatchObject({ ok: true });
    } finally {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      await pair.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
