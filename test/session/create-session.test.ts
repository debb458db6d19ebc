import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventRecord } from '../../src/engine/record.ts';
import type { Snapshot } from '../../src/engine/snapshot.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { createSession } from '../../src/session/create-session.ts';
import { createFeed, type Feed } from '../../src/session/feed.ts';
import type { SessionInfo, ToScreen } from '../../src/session/messages.ts';

const INFO: SessionInfo = { command: 'demo', hostname: 'lb1', version: '0', configFile: '', operate: true, pid: 1 };

interface Bench {
  readonly feeds: readonly Feed[];
  readonly delivered: ToScreen[];
  ready: boolean;
  revision: number;
}

function bench(): Bench & { readonly session: ReturnType<typeof createSession> } {
  const runtime = (name: string): Runtime =>
    ({
      revision: () => state.revision,
      snapshot: () => ({ routerId: name }) as Snapshot,
      lateness: () => 0,
      command: (order) => ({ ok: true, message: `${name} ${order.kind}` }),
    }) as Runtime;
  const feeds = ['lb1', 'lb2'].map((name) => createFeed(name, () => runtime(name)));
  const state: Bench = { feeds, delivered: [], ready: true, revision: 0 };
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
    connection.receive({ type: 'command', id: 7, command: { kind: 'undo-all' } });
    expect(delivered).toMatchObject([
      { type: 'routers', shown: 1 },
      { type: 'update', snapshot: { routerId: 'lb2' }, events: [{ seq: 1 }] },
      { type: 'answer', id: 7, result: { ok: true, message: 'lb2 undo-all' } },
    ]);
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
});
