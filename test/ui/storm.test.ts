// 10,000 keys at the whole program in virtual time: screen, session and engine of a simulated router in operate mode. The
// one who types is a careless person: random keys, held keys, bursts, pastes, and now and then a question answered right.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { InstanceSnapshot, Snapshot } from '../../src/engine/snapshot.ts';
import { createSession } from '../../src/session/create-session.ts';
import { createFeed } from '../../src/session/feed.ts';
import type { FromScreen, SessionInfo } from '../../src/session/messages.ts';
import type { ScreenConnection } from '../../src/session/screen-session.ts';
import { createCluster } from '../../src/sim/cluster.ts';
import { createRandom, type Random } from '../../src/sim/random.ts';
import { steadyScript } from '../../src/sim/script-table.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { type Controller, createController } from '../../src/ui/controller.ts';
import type { Dialog } from '../../src/ui/dialog.ts';
import type { QuitHow } from '../../src/ui/protocol.ts';

const KEYS = 10_000;
const SECOND = 1_000_000;
const GUARD_US = 400_000;
const INFO: SessionInfo = {
  command: 'run',
  hostname: 'lb1',
  version: '0',
  configFile: 'storm.conf',
  operate: true,
  operator: 'root',
  pid: 1,
};

/** VI_WEB and VI_DNS in a group, VI_DB alone, and on the first router VI_LONELY, which has no backup. */
const config = (priority: number, names: readonly string[]): string =>
  `${names
    .map(
      (name) => `vrrp_instance ${name} {
  state BACKUP
  interface eth0
  virtual_router_id ${50 + name.length}
  priority ${name === 'VI_DB' ? 250 - priority : priority}
  version 3
  advert_int 0.5
  virtual_ipaddress { 10.0.1.${name.length}/24 }
  track_script { chk }
}
`,
    )
    .join('')}vrrp_sync_group G1 { group { VI_WEB1 VI_DNS22 } }
vrrp_script chk { script "/bin/chk" interval 3 fall 2 }\n`;

const ALL = ['VI_WEB1', 'VI_DNS22', 'VI_DB', 'VI_LONELYONE'];

/** What the screen said to the engine, with the question that it answered and the keys that were pressed for it. */
interface Sent {
  readonly message: FromScreen;
  readonly dialog: Dialog | undefined;
  /** Keys since the question opened: when, and which. */
  readonly answer: readonly { readonly at: number; readonly key: string }[];
  readonly at: number;
}

class Bench {
  readonly clock = createVirtualClock();
  readonly sent: Sent[] = [];
  readonly quits: { readonly how: QuitHow; readonly sent: Sent | undefined }[] = [];
  readonly cluster = createCluster({
    clock: this.clock,
    random: createRandom(7),
    routers: ['lb1', 'lb2'].map((name, i) => ({
      name,
      config: parseConfig(config(i === 0 ? 150 : 100, i === 0 ? ALL : ALL.slice(0, 3)), `${name}.conf`).config,
      interfaces: [
        { name: 'eth0', mac: `02:00:00:00:00:0${i + 1}`, addresses: [{ address: `10.0.0.${i + 1}`, prefix: 24 }] },
      ],
      scripts: new Map([['/bin/chk', steadyScript()]]),
    })),
  });
  controller!: Controller;
  #connection: ScreenConnection | undefined;
  #log: { at: number; key: string }[] = [];
  #opened: Dialog | undefined;

  constructor() {
    this.cluster.start();
    this.wait(8 * SECOND);
    this.openScreen();
  }

  snapshot(): Snapshot {
    return this.cluster.router('lb1').snapshot()!;
  }

  openScreen(): void {
    this.#connection?.close();
    const router = this.cluster.router('lb1');
    const feed = createFeed('lb1', () => router.runtime()!);
    this.controller = createController({
      info: INFO,
      size: { columns: 100, rows: 30 },
      theme: { color: 'never', ascii: true },
      now: () => this.clock.now(),
      ready: () => true,
      send: (message) => {
        this.sent.push({ message, dialog: this.#opened, answer: [...this.#log], at: this.clock.now() });
        this.#connection?.receive(message);
      },
      quit: (how) => this.quits.push({ how, sent: this.sent.at(-1) }),
      redraw: () => {},
      copy: () => ({ ok: true, message: '' }),
      save: () => ({ ok: true, message: '' }),
    });
    this.#connection = createSession({ info: INFO, feeds: [feed] }).connect({
      deliver: (message) => this.controller.receive(message),
      ready: () => true,
    });
  }

  wait(us: number): void {
    this.clock.runUntil(this.clock.now() + us);
    vi.advanceTimersByTime(us / 1000);
    this.controller?.tick();
  }

  press(key: string, waitUs: number): void {
    this.#log.push({ at: this.clock.now(), key });
    this.#opened = this.controller.state().dialog;
    this.controller.input(new TextEncoder().encode(key));
    if (key === '\x1b') this.controller.inputTimeout();
    const { dialog } = this.controller.state();
    if (dialog?.openedAt !== this.#opened?.openedAt) this.#log = [];
    this.wait(waitUs);
  }

  screen(): string {
    return this.controller.frames.get().join('\n');
  }

  close(): void {
    this.#connection?.close();
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LETTERS = [...'jkgGhilnpstwxyYzeWTDFPNuU12345678/:[]?rq ', '\r', '\t', '\x7f', '\x07', '\x03', '\x15', '\x0c'];
const SEQUENCES = ['\x1b', '\x1b[A', '\x1b[B', '\x1b[5~', '\x1b[6~', '\x1b[Z', '\x1b[H', '\x1b[F'];
const PASTES = ['y', 'VI_WEB1', 'Fy\r', '\x07', 'VI_LONELYONE :force'].map((text) => `\x1b[200~${text}\x1b[201~`);

/** The next keys with the pause after each, µs. */
function* careless(random: Random, bench: Bench): Generator<readonly [key: string, pause: number]> {
  const pause = (): number => random.between(1_000, 250_000);
  for (;;) {
    const what = random.next();
    if (what < 0.3) yield [random.pick(LETTERS), pause()];
    else if (what < 0.35) yield [random.pick(SEQUENCES), pause()];
    else if (what < 0.4) yield [random.pick(PASTES), pause()];
    else if (what < 0.42) {
      const held = random.pick(LETTERS);
      for (let i = random.between(5, 25); i > 0; i--) yield [held, 30_000];
    } else yield* question(random, bench, pause);
  }
}

/** Asks for a change and answers it: mostly as the screen demands, sometimes too early, too little or by a paste. */
function* question(
  random: Random,
  bench: Bench,
  pause: () => number,
): Generator<readonly [key: string, pause: number]> {
  yield ['\x1b', 5_000];
  yield ['\x1b', 5_000];
  yield ['1', 5_000];
  for (let i = random.between(0, 4); i > 0; i--) yield [random.pick(['j', 'k']), 5_000];
  const line = random.pick([
    'fault for 30s because storm',
    'fault VI_DB',
    'priority 90',
    'priority VI_DB 200 for 20s',
    'undo',
    'quit',
    random.chance(0.3) ? 'lock' : 'unlock 60s',
    'nopreempt VI_DB',
    'fault VI_DB 20s',
    'garp',
    'garp VI_LONELYONE',
    'check chk',
    'failover fault 20s',
    'failover priority 90 VI_DB',
    'columns -vips +sent',
  ]);
  const asks = random.pick(['F', 'F', 'P', 'N', 'u', 'U', 'D', '3T', `:${line}\r`, `:${line}\r`, `:${line}\r`]);
  for (const key of asks) yield [key, 5_000];
  // The wizard: what, then how long and why.
  if (asks === 'D') {
    yield ['a', random.chance(0.9) ? 450_000 : pause()];
    yield [random.pick(['f', 'f', 'p', 'n', 'y', '\x07']), 5_000];
  }
  const drills = asks === 'D' || asks.startsWith(':failover');
  if (asks === 'P') {
    yield ['a', random.chance(0.9) ? 450_000 : pause()];
    for (const key of String(random.between(1, 260))) yield [key, 20_000];
    yield ['\t', 20_000];
  } else yield ['a', random.chance(0.9) ? 450_000 : pause()];
  if (drills) {
    if (bench.screen().includes('riority (90')) for (const key of '90\r') yield [key, 20_000];
    for (const key of random.pick(['15s\rdrill\r', '15s\r\r', '\r\r', '15s\ry\r', '\x07\r\r'])) yield [key, 20_000];
  }
  const demanded = / {2}(\S.*?) {2}to go on:/.exec(bench.screen())?.[1];
  const leaves = bench.screen().includes('release');
  const answer = demanded === undefined ? [leaves ? 'r' : 'y'] : [...demanded, '\x07'];
  yield ['\x15', 10_000];
  const slip = random.next();
  if (slip < 0.1) answer.splice(random.between(0, answer.length - 1), 1);
  else if (slip < 0.15) answer.splice(random.between(0, answer.length - 1), 0, random.pick(['x', '\r', '\x1b']));
  else if (slip < 0.2) yield [`\x1b[200~${answer.join('')}\x1b[201~`, 10_000];
  else if (slip < 0.27) yield ['\r', 10_000];
  for (const key of answer) yield [key, random.between(5_000, 80_000)];
  // Nothing more is pressed for a while: what happens now comes from this answer.
  if (random.chance(0.3)) yield ['', 6 * SECOND];
}

/** What is to be asked for, worked out anew: what must have been typed for a forced FAULT. */
function phraseForFault(snapshot: Snapshot, instance: InstanceSnapshot): string {
  if (instance.state !== 'MASTER') return '';
  const others = snapshot.instances.filter(
    ({ name, syncGroup }) => syncGroup !== undefined && syncGroup === instance.syncGroup && name !== instance.name,
  );
  const heard = instance.peers.some(({ wasMaster, priority }) => wasMaster && priority !== undefined);
  return others.length > 0 || !heard ? `${instance.name} :force` : instance.name;
}

/** Whether the characters of a phrase are among the keys, in this order. */
function wasTyped(phrase: string, keys: readonly string[]): boolean {
  let at = 0;
  for (const key of keys) if (key === phrase[at]) at++;
  return at === phrase.length;
}

function check(sent: Sent): void {
  const { message, dialog, answer, at } = sent;
  if (message.type !== 'command') return;
  const { command, confirmation } = message;
  expect(dialog?.kind, 'a question was open').toBe('change');
  if (dialog?.kind !== 'change') return;
  expect(at - dialog.openedAt).toBeGreaterThanOrEqual(GUARD_US);
  const keys = answer.filter((key) => key.at - dialog.openedAt >= GUARD_US).map(({ key }) => key);
  const isUndo = command.kind === 'undo' || command.kind === 'undo-all';
  expect(keys.at(-1), JSON.stringify(command)).toBe(confirmation.confirmed === 'y' ? 'y' : '\x07');
  if (confirmation.confirmed !== 'y') {
    expect(wasTyped(confirmation.confirmed, keys), `${confirmation.confirmed} in ${JSON.stringify(keys)}`).toBe(true);
    expect(isUndo).toBe(false);
  }
  if (isUndo) return;
  if (command.kind === 'run-script') return expect(confirmation.confirmed).toBe('y');
  const instance = dialog.snapshot.instances.find(({ name }) => name === command.instance)!;
  if (confirmation.confirmed !== 'y') {
    expect([instance.name, `${instance.name} :force`]).toContain(confirmation.confirmed);
  }
  if (command.kind === 'announce') {
    expect(confirmation.confirmed).toBe('y');
    expect(instance.state).toBe('MASTER');
  }
  if (command.kind !== 'force-fault') return;
  const needed = phraseForFault(dialog.snapshot, instance);
  expect(confirmation.confirmed).toBe(needed === '' ? 'y' : needed);
}

const masters = ({ instances }: Snapshot): string =>
  instances
    .filter(({ state }) => state === 'MASTER')
    .map(({ name }) => name)
    .join(' ');

it('lets no change through without the confirmation of its tier, and those with it through', {
  timeout: 120_000,
}, () => {
  const random = createRandom(20_260_301);
  const bench = new Bench();
  const keys = careless(random, bench);
  const counts = {
    y: 0,
    name: 0,
    force: 0,
    undo: 0,
    unlocks: 0,
    quits: 0,
    still: 0,
    drills: 0,
    announced: 0,
    checked: 0,
  };
  let checked = 0;
  let calmSince = 0;
  for (let pressed = 0; pressed < KEYS; pressed++) {
    const [key, pause] = keys.next().value!;
    const before = bench.snapshot();
    const sentBefore = bench.sent.length;
    if (key === '') bench.wait(pause);
    else bench.press(key, pause);
    const last = bench.sent[sentBefore - 1];
    // A local change leaves every mastership where it was, unless something else was on its way.
    const alone = last !== undefined && last.at - calmSince > 6 * SECOND;
    const lapses = before.overrides.some(({ expiresAt }) => expiresAt < bench.clock.now() + SECOND);
    if (
      key === '' &&
      alone &&
      !lapses &&
      last.message.type === 'command' &&
      last.message.confirmation.confirmed === 'y'
    ) {
      if (!last.message.command.kind.startsWith('undo') && bench.clock.now() - last.at < 10 * SECOND) {
        expect(masters(bench.snapshot()), JSON.stringify(last.message)).toBe(masters(before));
        counts.still += 1;
      }
    }
    for (; checked < bench.sent.length; checked++) {
      const sent = bench.sent[checked]!;
      check(sent);
      if (sent.message.type === 'unlock') counts.unlocks += 1;
      if (sent.message.type !== 'command') continue;
      if (sent.dialog?.kind === 'change' && sent.dialog.drill) counts.drills += 1;
      if (sent.message.command.kind === 'announce') counts.announced += 1;
      if (sent.message.command.kind === 'run-script') counts.checked += 1;
      calmSince = bench.sent.slice(0, checked).findLast(({ message }) => message.type === 'command')?.at ?? 0;
      const { confirmed } = sent.message.confirmation;
      if (sent.message.command.kind.startsWith('undo')) counts.undo += 1;
      else counts[confirmed === 'y' ? 'y' : confirmed.endsWith(' :force') ? 'force' : 'name'] += 1;
    }
    if (bench.controller.state().leaving !== undefined) {
      counts.quits += 1;
      const { sent } = bench.quits.at(-1)!;
      expect(sent?.dialog?.kind, 'leaving was asked for').toBe('quit');
      expect(sent!.at - sent!.dialog!.openedAt).toBeGreaterThanOrEqual(GUARD_US);
      bench.openScreen();
    }
  }
  bench.close();
  console.log(`${KEYS} keys: ${JSON.stringify(counts)}`);
  expect(counts.y + counts.name + counts.force + counts.undo).toBeGreaterThanOrEqual(100);
  for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(0);
});
