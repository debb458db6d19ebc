// The program nft as executor: what it is given, and what comes back when it fails or is not there.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFirewallMarker } from '../../src/linux/firewall-marker.ts';
import { createFirewallPort } from '../../src/linux/firewall-port.ts';
import { nftRules } from '../../src/linux/nft-rules.ts';
import type { FirewallRules } from '../../src/ports/firewall-port.ts';
import type { PortResult } from '../../src/ports/result.ts';

const RULES: FirewallRules = {
  priority: -1,
  counters: false,
  closed: [{ address: '10.0.0.100', interface: 'eth0' }],
  devices: [],
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kavtui-firewall-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program in place of nft. */
function program(body: string): string {
  const path = join(folder, 'nft');
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

const firewall = (path: string) => createFirewallPort(path, createFirewallMarker(folder));
const got = () => readFileSync(join(folder, 'got'), 'utf8');

describe('the packet filter port', () => {
  it('hands the whole table to nft', () => {
    const port = firewall(program(`cat > ${folder}/got`));
    expect(port.replace(RULES, 't')).toEqual({ ok: true });
    expect(got()).toBe(nftRules(RULES, 't'));
  });

  it('says what to install where there is no nft', async () => {
    const port = firewall(join(folder, 'none'));
    const result = {
      ok: false,
      code: 'ENOENT',
      message: expect.stringMatching(/install it .*apt-get install nftables/),
    };
    expect(port.replace(RULES, 't')).toEqual(result);
    const soon = new Promise<PortResult>((resolve) => port.onReplaced(resolve));
    port.replaceSoon(RULES, 't');
    expect(await soon).toEqual(result);
  });

  it('gives the words of an nft that refuses', () => {
    const port = firewall(
      program('cat >/dev/null; echo "/dev/stdin:1:1-5: Error: Operation not permitted" >&2; exit 1'),
    );
    expect(port.replace(RULES, 't')).toMatchObject({
      ok: false,
      message: 'nft refused the packet filter rules: Error: Operation not permitted'.replace(
        'nft',
        join(folder, 'nft'),
      ),
    });
  });

  it('runs one at a time, the last one wanted last', async () => {
    const port = firewall(program(`cat >> ${folder}/got; echo --- >> ${folder}/got; sleep 0.2`));
    const done = new Promise<PortResult>((resolve) => port.onReplaced(resolve));
    for (const table of ['a', 'b', 'c']) port.replaceSoon(RULES, table);
    expect(await done).toEqual({ ok: true });
    expect(got()).toBe(`${nftRules(RULES, 'a')}---\n${nftRules(RULES, 'c')}---\n`);
  });

  it('asks for the removal of a table at the start only where an earlier run may have left one', async () => {
    const nft = program(`cat > ${folder}/got`);
    const result = (port: ReturnType<typeof firewall>) =>
      new Promise<PortResult>((resolve) => port.onReplaced(resolve));
    firewall(nft).replaceSoon(undefined, 't');
    firewall(nft).replace(RULES, 't');
    const next = firewall(nft);
    const removed = result(next);
    next.replaceSoon(undefined, 't');
    expect(await removed).toEqual({ ok: true });
    expect(got()).toBe(nftRules(undefined, 't'));
    rmSync(join(folder, 'got'));
    firewall(nft).replaceSoon(undefined, 't');
    expect(() => got()).toThrow();
  });
});
