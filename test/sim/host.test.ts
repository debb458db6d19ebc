// What the port contract suites do not cover: processes, power, scripts, and what a test may make fail.
import { describe, expect, it } from 'vitest';
import type { ScriptExit } from '../../src/ports/script-port.ts';
import { createHost } from '../../src/sim/host.ts';
import { createRandom } from '../../src/sim/random.ts';
import { type ScriptTable, steadyScript } from '../../src/sim/script-table.ts';
import { createSegment } from '../../src/sim/segment.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

const VIP = { interface: 'eth0', address: '10.0.0.100', prefix: 32, scope: 0 };

function setUp(scripts: ScriptTable = new Map()) {
  const clock = createVirtualClock();
  const lan = createSegment({ clock, random: createRandom(1), jitterUs: 0 });
  const [lb1, lb2] = [1, 2].map((n) =>
    createHost({
      name: `lb${n}`,
      clock,
      lan,
      interfaces: [{ name: 'eth0', mac: `02:00:00:00:00:0${n}`, addresses: [{ address: `10.0.0.${n}`, prefix: 24 }] }],
      scripts,
    }),
  ) as [ReturnType<typeof createHost>, ReturnType<typeof createHost>];
  return { clock, lb1, lb2 };
}

describe('a simulated host', () => {
  it('killed keeps its addresses; without power it loses them and its link', () => {
    const { lb1 } = setUp();
    lb1.boot().network.addAddresses([VIP]);
    lb1.kill();
    expect([lb1.hasAddress('10.0.0.100'), lb1.connected('eth0'), lb1.process()]).toEqual([true, true, 'dead']);
    lb1.powerOff();
    expect([lb1.hasAddress('10.0.0.100'), lb1.hasAddress('10.0.0.1'), lb1.connected('eth0')]).toEqual([
      false,
      true,
      false,
    ]);
    lb1.powerOn();
    expect(lb1.connected('eth0')).toBe(true);
  });

  it('tells a change of an address after the call that made it, and nothing to a killed process', () => {
    const { clock, lb1 } = setUp();
    const changes: string[] = [];
    const first = lb1.boot();
    first.network.onLinkChange((name, link) => changes.push(`${name} ${link?.addresses.map((a) => a.address)}`));
    first.network.addAddresses([VIP]);
    expect(changes).toEqual([]);
    clock.runUntil(1);
    expect(changes).toEqual(['eth0 10.0.0.1,10.0.0.100']);
    lb1.boot();
    lb1.removeAddress('eth0', '10.0.0.100');
    clock.runUntil(2);
    expect(changes).toHaveLength(1);
  });

  it('an announcement teaches the neighbours who owns an address, the last one wins', () => {
    const { clock, lb1, lb2 } = setUp();
    const [one, two] = [lb1.boot(), lb2.boot()];
    expect(lb2.neighbour('10.0.0.100')).toBeUndefined();
    one.network.announce([VIP]);
    clock.runUntil(1000);
    expect(lb2.neighbour('10.0.0.100')).toBe('02:00:00:00:00:01');
    two.network.announce([VIP]);
    clock.runUntil(2000);
    expect(lb1.neighbour('10.0.0.100')).toBe('02:00:00:00:00:02');
  });

  it('the kernel refuses what it is told to refuse, until it is allowed', () => {
    const { lb1 } = setUp();
    const world = lb1.boot();
    const refusal = { ok: false, code: 'EPERM', message: 'not permitted' } as const;
    const channel = { interface: 'eth0', family: 4, groups: [] } as const;
    lb1.refuse('vrrp-open', refusal);
    lb1.refuse('add-address', refusal);
    expect(world.vrrp.open(channel)).toEqual(refusal);
    expect(world.network.addAddresses([VIP])).toEqual([refusal]);
    expect(lb1.hasAddress('10.0.0.100')).toBe(false);
    lb1.allow('vrrp-open');
    expect(world.vrrp.open(channel)).toEqual({ ok: true });
  });

  it('a channel breaks once, and is closed then', () => {
    const { lb1 } = setUp();
    const world = lb1.boot();
    const failures: string[] = [];
    world.vrrp.onFailure((channel, message) => failures.push(`${channel.interface} ${channel.family} ${message}`));
    world.vrrp.open({ interface: 'eth0', family: 4, groups: [] });
    lb1.breakChannel('eth0', 4, 'ENODEV');
    lb1.breakChannel('eth0', 4, 'ENODEV');
    expect(failures).toEqual(['eth0 4 ENODEV']);
  });
});

describe('scripts of a simulated host', () => {
  function run(command: string, scripts: ScriptTable, act: (host: ReturnType<typeof createHost>) => void = () => {}) {
    const { clock, lb1 } = setUp(scripts);
    const world = lb1.boot();
    const exits: (ScriptExit & { at: number })[] = [];
    world.scripts.onExit((exit) => exits.push({ ...exit, at: clock.now() }));
    act(lb1);
    world.scripts.start({ id: 7, argv: command.split(' ') });
    return { clock, world, exits, lb1 };
  }

  it('end as the table says, after the time that it says', () => {
    const { clock, exits } = run('/bin/check -v', new Map([['/bin/check -v', steadyScript(3, 2_000)]]));
    clock.runUntil(10_000);
    expect(exits).toEqual([{ id: 7, outcome: { kind: 'exited', code: 3 }, output: '', durationUs: 2_000, at: 2_000 }]);
  });

  it('a command that is not in the table cannot be executed', () => {
    const { clock, exits } = run('/bin/gone', new Map());
    clock.runUntil(10_000);
    expect(exits[0]?.outcome).toEqual({ kind: 'not-started', message: '/bin/gone: ENOENT' });
  });

  it('a broken one exits 1 whatever the table says', () => {
    const table = new Map([['check', steadyScript(0)]]);
    const { clock, exits } = run('check', table, (host) => host.brokenScripts.add('check'));
    clock.runUntil(10_000);
    expect(exits[0]?.outcome).toEqual({ kind: 'exited', code: 1 });
  });

  it('a signal ends a run; one that ignores SIGTERM needs SIGKILL', () => {
    const stubborn = () => ({ ...steadyScript(0, 1_000_000)(0), ignoresTerm: true });
    const { clock, world, exits } = run('check', new Map([['check', stubborn]]));
    clock.runUntil(100);
    world.scripts.signal(7, 'SIGTERM');
    clock.runUntil(200);
    expect(exits).toEqual([]);
    world.scripts.signal(7, 'SIGKILL');
    clock.runUntil(300);
    expect(exits).toMatchObject([{ outcome: { kind: 'signalled', signal: 'SIGKILL' }, durationUs: 200 }]);
    clock.runUntil(2_000_000);
    expect(exits).toHaveLength(1);
  });

  it('goes on while its parent is paused, which hears of the end when it continues', () => {
    const { clock, exits, lb1 } = run('check', new Map([['check', steadyScript(0, 1_000)]]));
    lb1.pause();
    clock.runUntil(5_000);
    expect(exits).toEqual([]);
    lb1.resume();
    expect(exits).toMatchObject([{ durationUs: 1_000, at: 5_000 }]);
  });
});
