// `kavtui run` on a terminal: what happens to the terminal must not happen to the router.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { openPty, type PtyOptions, type PtySession } from '../support/pty.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { expectRestored, sleep, terminalModes } from '../support/terminal.ts';

const KAVTUI = fileURLToPath(new URL('../../bin/kavtui.js', import.meta.url));
const VIP = '10.99.0.100';
const CONFIG = `vrrp_instance VI_1 {
  state BACKUP
  interface vrrp0
  virtual_router_id 51
  priority 100
  version 3
  advert_int 0.2
  virtual_ipaddress {
    ${VIP}/24
  }
}
`;

interface Host {
  readonly namespace: string;
  readonly directory: string;
}

const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });
const hosts: Host[] = [];
const open: PtySession[] = [];

/** A network namespace with one link that has a carrier. */
function makeHost(): Host {
  const namespace = `kvui${process.pid}x${hosts.length}-${Date.now() % 100_000}`;
  const directory = mkdtempSync(join(tmpdir(), 'kavtui-run-'));
  const host = { namespace, directory };
  hosts.push(host);
  ip('netns', 'add', namespace);
  ip('-n', namespace, 'link', 'add', 'vrrp0', 'type', 'veth', 'peer', 'name', 'other0');
  for (const link of ['lo', 'vrrp0', 'other0']) ip('-n', namespace, 'link', 'set', link, 'up');
  ip('-n', namespace, 'addr', 'add', '10.99.0.1/24', 'dev', 'vrrp0');
  writeFileSync(join(directory, 'keepalived.conf'), CONFIG);
  return host;
}

afterEach(async () => {
  for (const session of open.splice(0)) await session.dispose();
  for (const { namespace, directory } of hosts.splice(0)) {
    ip('netns', 'del', namespace);
    rmSync(directory, { recursive: true, force: true });
  }
});

const hasVip = ({ namespace }: Host): boolean => ip('-n', namespace, 'addr', 'show', 'dev', 'vrrp0').includes(VIP);

async function master(options: PtyOptions & { readonly args?: readonly string[] } = {}): Promise<[PtySession, Host]> {
  const host = makeHost();
  const command = [KAVTUI, 'run', '-f', join(host.directory, 'keepalived.conf'), ...(options.args ?? [])];
  const session = openPty('ip', ['netns', 'exec', host.namespace, process.execPath, ...command], options);
  open.push(session);
  await session.waitFor(/● MASTER +VI_1 .* self /, 15_000);
  await session.waitUntil(() => hasVip(host), 'the address');
  return [session, host];
}

/** Adverts that the peer end of the link counts within a second: the engine is alive and in time. */
async function advertsPerSecond({ namespace }: Host): Promise<number> {
  const packets = (): number =>
    Number(
      execFileSync('ip', ['-n', namespace, '-j', '-s', 'link', 'show', 'other0'], { encoding: 'utf8' }).match(
        /"rx":\{"bytes":\d+,"packets":(\d+)/,
      )?.[1],
    );
  const before = packets();
  await sleep(1000);
  return packets() - before;
}

describeWithRoot('kavtui run on a terminal', ['stty'], () => {
  it('shows the instance, its address and its adverts, and is read-only', async () => {
    const [session] = await master();
    await session.waitFor(/sent vrrp0 +10\.99\.0\.1 +v3 vrid 51 +prio 100/);
    expect(session.screen()).toContain(`✓ ${VIP}/24`);
    expect(session.lines()[0]).toContain('RO');
    session.send('F');
    await session.waitFor('start kavtui with --operate');
  });

  it('with --operate asks for the name and the word :force, because no backup is known', async () => {
    const [session, host] = await master({ args: ['--operate'] });
    session.send('F');
    await session.waitFor('OUTAGE possible');
    await sleep(500);
    session.send('y\r');
    await session.waitFor('nothing was changed');
    expect(hasVip(host)).toBe(true);
    session.send('F');
    await session.waitFor('Type  VI_1 :force');
    await sleep(500);
    session.send('VI_1 :force');
    await session.waitFor('Ctrl-G: do it ');
    session.send('\x07');
    await session.waitFor(/FAULT .*VI_1 .*forced by the operator/);
    expect(hasVip(host)).toBe(false);
  });

  it('is unlocked by the name of the host, and writes each action down before it is done', async () => {
    const auditLog = join(mkdtempSync(join(tmpdir(), 'kavtui-audit-')), 'state', 'audit.log');
    const [session, host] = await master({ args: ['--audit-log', auditLog] });
    session.send(':unlock 5m\r');
    await session.waitFor(`Type  ${hostname()}  to go on`);
    await sleep(500);
    session.send(`${hostname()}\x07`);
    await session.waitFor(/RW 4:5\d/);
    session.send(':fault for 30s because of a test\r');
    await session.waitFor('Type  VI_1 :force');
    await sleep(500);
    session.send('VI_1 :force\x07');
    await session.waitFor(/FAULT .*VI_1 .*forced by the operator/);
    expect(hasVip(host)).toBe(false);
    session.send(':lock\r');
    await session.waitFor('Read-only again');
    const lines = readFileSync(auditLog, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { action: 'unlock', who: expect.any(String) },
      {
        action: 'force-fault',
        instance: 'VI_1',
        why: 'of a test',
        confirmed: 'VI_1 :force',
        order: { lastsUs: 30_000_000 },
      },
      { action: 'force-fault', result: expect.stringContaining('for 30 s') },
      { action: 'lock' },
    ]);
    rmSync(dirname(dirname(auditLog)), { recursive: true });
  });

  it('a closed terminal does not stop the adverts; SIGTERM then releases the address', async () => {
    const [session, host] = await master();
    session.hangUp();
    await sleep(1000);
    expect(session.alive()).toBe(true);
    expect(await advertsPerSecond(host)).toBeGreaterThanOrEqual(4);
    expect(hasVip(host)).toBe(true);
    session.signal('SIGTERM');
    await session.waitUntil(() => !session.alive(), 'the end of the program');
    expect(hasVip(host)).toBe(false);
  });

  it('a terminal that is not read does not stop the adverts, and SIGTERM still ends at once', async () => {
    const [session, host] = await master({ columns: 200, rows: 60 });
    session.stall();
    await sleep(3000);
    expect(await advertsPerSecond(host)).toBeGreaterThanOrEqual(4);
    const began = Date.now();
    session.signal('SIGTERM');
    await session.waitUntil(() => !session.alive(), 'the end of the program');
    console.log(`left a stalled terminal after ${Date.now() - began} ms`);
    expect(Date.now() - began).toBeLessThan(1000);
    expect(hasVip(host)).toBe(false);
  });

  it('Ctrl-Z does not stop the adverts', async () => {
    const [session, host] = await master();
    session.send('\x1a');
    await session.waitFor('adverts must go on');
    session.signal('SIGTSTP');
    await sleep(200);
    expect(await advertsPerSecond(host)).toBeGreaterThanOrEqual(4);
  });

  it('d gives the terminal back, and the router goes on as log lines', async () => {
    const [session, host] = await master();
    session.send('q');
    await session.waitFor('Quit while MASTER');
    await sleep(500);
    session.send('d');
    await session.waitFor('the engine goes on');
    expectRestored(session);
    expect(terminalModes(session)).toMatch(/ icanon/);
    expect(await advertsPerSecond(host)).toBeGreaterThanOrEqual(4);
    expect(hasVip(host)).toBe(true);
  });

  it('r releases the address and leaves a clean terminal', async () => {
    const [session, host] = await master();
    session.send('q');
    await session.waitFor('Quit while MASTER');
    await sleep(500);
    session.send('r');
    expect(await session.exited).toMatchObject({ exitCode: 0 });
    expectRestored(session);
    expect(hasVip(host)).toBe(false);
  });
});
