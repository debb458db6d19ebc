import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventRecord } from '../../src/engine/record.ts';
import type { Snapshot } from '../../src/engine/snapshot.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import type { Audit } from '../../src/session/audit.ts';
import { createSession } from '../../src/session/create-session.ts';
import { createFeed, type Feed } from '../../src/session/feed.ts';
import type { SessionInfo, ToScreen } from '../../src/session/messages.ts';
import { advert } from '../observe/wire-lab.ts';

const INFO: SessionInfo = { command: 'demo', hostname: 'lb1', version: '0', configFile: '', operate: true, pid: 1 };

const CONFIRMED = { forecast: 'nothing moves', confirmed: 'y' };

interface Bench {
  readonly feeds: readonly Feed[];
  readonly delivered: ToScreen[];
  ready: boolean;
  revision: number;
  dueIn: number;
}

function bench(): Bench & { readonly session: ReturnType<typeof createSession> } {
  const runtime = (name: string): Runtime =>
    ({
      revision: () => state.revision,
      snapshot: () => ({ routerId: name }) as Snapshot,
      lateness: () => 0,
      dueIn: () => state.dueIn,
      command: (order) => ({ ok: true, message: `${name} ${order.kind}` }),
    }) as Runtime;
  const feeds = ['lb1', 'lb2'].map((name) => createFeed(name, () => runtime(name)));
  const state: Bench = { feeds, delivered: [], ready: true, revision: 0, dueIn: Number.POSITIVE_INFINITY };
  const session = createSession({ info: INFO, feeds });
  return Object.assign(state, { session });
}

const record = (seq: number): EventRecord => ({ seq, at: seq, level: 'info', kind: 'state', text: `event ${seq}` });
const updates = (delivered: readonly ToScreen[]) => delivered.flatMap((each) => (each.type === 'update' ? [each] : []));

describe('a session', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('says which routers there are and sends all history at once', () => {
    const { session, feeds, delivered } = bench();
    feeds[0]!.record(record(1));
    session.connect({ deliver: (message) => delivered.push(message), ready: () => true });
    expect(delivered[0]).toEqual({ type: 'routers', names: ['lb1', 'lb2'], shown: 0 });
    expect(delivered[1]).toMatchObject({
      type: 'update',
      snapshot: { routerId: 'lb1' },
      events: [{ seq: 1 }],
      dropped: 0,
    });
  });

  it('makes rows of no more frames than can be read, of each direction, and counts the rest', () => {
    const { session, feeds, delivered } = bench();
    const feed = feeds[0]!;
    session.connect({ deliver: (message) => delivered.push(message), ready: () => true });
    const pass = (count: number, direction: 'sent' | 'received', at: number) => {
      for (let i = 0; i < count; i++) feed.frame({ interface: 'eth0', direction, at, bytes: advert('192.0.2.11') });
    };
    pass(5000, 'received', 1000);
    pass(10, 'sent', 1001);
    vi.advanceTimersByTime(100);
    const [, first] = updates(delivered);
    expect(first!.packets).toHaveLength(110);
    expect(first!.packets.at(-1)!.direction).toBe('sent');
    expect(first!.dropped).toBe(4900);
    pass(20, 'received', 200_000);
    vi.advanceTimersByTime(100);
    expect(updates(delivered)[2]).toMatchObject({ dropped: 0, packets: { length: 20 } });
  });

  it('numbers what the engine logs and what the program itself tells as one list', () => {
    const { session, feeds, delivered } = bench();
    feeds[0]!.record(record(1));
    feeds[0]!.record({ at: 0, level: 'error', kind: 'node', text: 'Reload refused' });
    feeds[0]!.record(record(2));
    session.connect({ deliver: (message) => delivered.push(message), ready: () => true });
    expect(updates(delivered)[0]!.events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('sends nothing while nothing changes, and only what is new when it does, at most ten times a second', () => {
    const { session, feeds, delivered } = bench();
    session.connect({ deliver: (message) => delivered.push(message), ready: () => true });
    delivered.length = 0;
    vi.advanceTimersByTime(5_000);
    expect(delivered).toEqual([]);
    for (let seq = 1; seq <= 40; seq++) {
      feeds[0]!.record(record(seq));
      vi.advanceTimersByTime(25);
    }
    expect(updates(delivered).length).toBeLessThanOrEqual(10);
    expect(updates(delivered).flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual(
      [...Array(40).keys()].map((i) => i + 1),
    );
  });

  it('skips ticks while the screen is not ready, and says what was lost when that took too long', () => {
    const { session, feeds, delivered } = bench();
    let ready = true;
    session.connect({ deliver: (message) => delivered.push(message), ready: () => ready });
    delivered.length = 0;
    ready = false;
    for (let seq = 1; seq <= 5_000; seq++) feeds[0]!.record(record(seq));
    vi.advanceTimersByTime(1_000);
    expect(delivered).toEqual([]);
    ready = true;
    vi.advanceTimersByTime(100);
    expect(updates(delivered)).toMatchObject([{ dropped: 4_500 }]);
    expect(updates(delivered)[0]!.events.at(-1)!.seq).toBe(5_000);
  });

  it('shows another router with its history, and commands go to the router that is shown', () => {
    const { session, feeds, delivered } = bench();
    feeds[1]!.record(record(1));
    const connection = session.connect({ deliver: (message) => delivered.push(message), ready: () => true });
    delivered.length = 0;
    connection.receive({ type: 'show-router', index: 1 });
    connection.receive({ type: 'show-router', index: 9 });
    connection.receive({ type: 'command', id: 7, command: { kind: 'undo-all' }, confirmation: CONFIRMED });
    expect(delivered).toMatchObject([
      { type: 'routers', shown: 1 },
      { type: 'update', snapshot: { routerId: 'lb2' }, events: [{ seq: 1 }] },
      { type: 'answer', id: 7, result: { ok: true, message: 'lb2 undo-all' } },
    ]);
  });

  it('waits for a moment without a deadline near, but not for ever', () => {
    const made = bench();
    const { session, feeds, delivered } = made;
    session.connect({ deliver: (message) => delivered.push(message), ready: () => true });
    delivered.length = 0;
    feeds[0]!.record(record(1));
    made.dueIn = 1_000;
    vi.advanceTimersByTime(110);
    expect(delivered).toEqual([]);
    made.dueIn = 6_000;
    vi.advanceTimersByTime(1);
    expect(updates(delivered)).toHaveLength(1);
    feeds[0]!.record(record(2));
    made.dueIn = -1;
    vi.advanceTimersByTime(200);
    expect(updates(delivered)).toHaveLength(2);
  });

  it('is silent after close', () => {
    const { session, feeds, delivered } = bench();
    const connection = session.connect({ deliver: (message) => delivered.push(message), ready: () => true });
    connection.close();
    delivered.length = 0;
    feeds[0]!.record(record(1));
    vi.advanceTimersByTime(1_000);
    expect(delivered).toEqual([]);
  });

  describe('the lock', () => {
    const order = {
      type: 'command',
      id: 1,
      command: { kind: 'force-fault', instance: 'VI_1' },
      confirmation: CONFIRMED,
    } as const;

    function locked(audit?: Audit) {
      const { feeds, delivered } = bench();
      const session = createSession({
        info: { ...INFO, operate: false, operator: 'root' },
        feeds,
        ...(audit && { audit }),
      });
      const connection = session.connect({ deliver: (message) => delivered.push(message), ready: () => true });
      delivered.length = 0;
      return { connection, delivered };
    }

    it('lets nothing through until it is opened, and again after its time', () => {
      const { connection, delivered } = locked();
      connection.receive(order);
      connection.receive({ type: 'unlock', lastsUs: 60_000_000 });
      connection.receive(order);
      vi.advanceTimersByTime(60_001);
      connection.receive(order);
      expect(delivered).toMatchObject([
        { type: 'answer', result: { ok: false, message: expect.stringContaining('read-only') } },
        { type: 'mode', operate: true, leftUs: 60_000_000 },
        { type: 'answer', result: { ok: true } },
        { type: 'mode', operate: false },
        { type: 'answer', result: { ok: false } },
      ]);
    });

    it('is closed at once on request, also in a session that began open', () => {
      const { session, delivered } = bench();
      const connection = session.connect({ deliver: (message) => delivered.push(message), ready: () => true });
      connection.receive({ type: 'lock' });
      connection.receive(order);
      expect(delivered.at(-1)).toMatchObject({ type: 'answer', result: { ok: false } });
    });

    it('opens for no longer than eight hours', () => {
      const { connection, delivered } = locked();
      connection.receive({ type: 'unlock', lastsUs: Number.POSITIVE_INFINITY });
      expect(delivered.at(-1)).toMatchObject({ operate: true, leftUs: 8 * 3_600_000_000 });
      connection.receive({ type: 'unlock', lastsUs: Number.NaN });
      expect(delivered).toHaveLength(1);
    });

    it('has each action written down before it is done, with who, why and how it was confirmed, and then the result', () => {
      const written: unknown[] = [];
      const { connection } = locked((entry) => void written.push(entry));
      connection.receive({ type: 'unlock', lastsUs: 60_000_000 });
      connection.receive({ ...order, command: { ...order.command, why: 'maintenance' } });
      connection.receive({ type: 'leaving', how: 'release', confirmed: 'r' });
      expect(written).toMatchObject([
        { who: 'root', action: 'unlock' },
        { action: 'force-fault', instance: 'VI_1', router: 'lb1', why: 'maintenance', ...CONFIRMED },
        { action: 'force-fault', result: 'lb1 force-fault' },
        { action: 'release', confirmed: 'r' },
      ]);
    });

    it('does nothing that cannot be written down, but takes changes back all the same', () => {
      let full = false;
      const { connection, delivered } = locked(() => (full ? 'no space left' : undefined));
      connection.receive({ type: 'unlock', lastsUs: 60_000_000 });
      full = true;
      connection.receive(order);
      connection.receive({ ...order, command: { kind: 'undo-all' } });
      expect(delivered.slice(1)).toMatchObject([
        { result: { ok: false, message: expect.stringContaining('no space left') } },
        { result: { ok: true } },
      ]);
    });
  });
});
