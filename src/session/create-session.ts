// The engine side of a screen in the same process: publishes what is new, at most ten times a second, and never more
// than the screen can take; lets changes through only while they are allowed, and writes each down before it acts.
import type { CommandResult, OperatorCommand } from '../engine/commands.ts';
import type { Audit, AuditEntry } from './audit.ts';
import type { Feed } from './feed.ts';
import { createLock } from './lock.ts';
import type { FromScreen, SessionInfo } from './messages.ts';
import type { ScreenConnection, ScreenSession, ScreenSink } from './screen-session.ts';
import type { ListedFinding } from './watch-picture.ts';

const TICK_MS = 100;
/** An update is made where the engine has nothing to do for so long, µs: what is due goes first. */
const GAP_US = 5000;
/** So often that is tried, a millisecond apart, asking for less each time: an engine that is never idle has a screen too. */
const TRIES = 20;

export interface SessionOptions {
  readonly info: SessionInfo;
  /** One in `run`; all routers in `demo`. */
  readonly feeds: readonly Feed[];
  /** Absent: nothing real happens, nothing is written down. */
  readonly audit?: Audit;
}

export function createSession(options: SessionOptions): ScreenSession {
  return { info: options.info, connect: (sink) => connect(options, sink) };
}

/** What a screen has got. */
interface Sent {
  readonly revision: number;
  readonly event: number;
  readonly packet: number;
  readonly findings: readonly ListedFinding[] | undefined;
}

const NOTHING: Sent = { revision: -1, event: 0, packet: 0, findings: undefined };

function connect({ info, feeds, audit = () => undefined }: SessionOptions, sink: ScreenSink): ScreenConnection {
  let shown = 0;
  let sent: Sent = NOTHING;
  let waiting: NodeJS.Timeout | undefined;
  const who = info.operator ?? 'unknown';
  const lock = createLock(info.operate, (mode) => sink.deliver({ type: 'mode', ...mode }));

  /** What is new, in the next gap between two deadlines. */
  function publishInGap(tries = TRIES): void {
    clearTimeout(waiting);
    const feed = feeds[shown]!;
    if (feed.revision() === sent.revision || !sink.ready()) return;
    if (tries > 0 && feed.dueIn() < (GAP_US * tries) / TRIES) waiting = setTimeout(publishInGap, 1, tries - 1);
    else publish();
  }

  function publish(): void {
    const feed = feeds[shown]!;
    const revision = feed.revision();
    if (revision === sent.revision || !sink.ready()) return;
    const events = feed.events.since(sent.event);
    const packets = feed.packets.since(sent.packet);
    const missed =
      feed.events.last() - sent.event - events.length + (feed.packets.last() - sent.packet - packets.length);
    // A screen that has just come did not miss what was before it.
    const dropped = sent.revision < 0 ? 0 : missed;
    const snapshot = feed.snapshot();
    const findings = feed.findings(snapshot);
    const news = findings === undefined || findings === sent.findings ? {} : { findings };
    sent = { revision, event: feed.events.last(), packet: feed.packets.last(), findings };
    sink.deliver({ type: 'update', snapshot, events, packets, dropped, lateness: feed.lateness(), ...news });
  }

  function show(index: number): void {
    if (feeds[index] === undefined) return;
    shown = index;
    sent = NOTHING;
    sink.deliver({ type: 'routers', names: feeds.map(({ name }) => name), shown });
    publish();
  }

  function carryOut({ command, confirmation }: Extract<FromScreen, { type: 'command' }>): CommandResult {
    if (!lock.open()) return { ok: false, message: 'read-only: nothing was changed' };
    const feed = feeds[shown]!;
    const order: OperatorCommand = isUndo(command) ? command : { ...command, who };
    const entry: AuditEntry = { who, router: feed.name, action: order.kind, ...aboutOf(order), order, ...confirmation };
    const problem = audit(entry);
    // What takes a change back is never held up by a full disk.
    if (problem !== undefined && !isUndo(order)) {
      return { ok: false, message: `not done, because the audit log cannot be written: ${problem}` };
    }
    const result = feed.command(order);
    audit({ who, router: feed.name, action: order.kind, ...aboutOf(order), result: result.message });
    return result;
  }

  function unlock(lastsUs: number): void {
    const problem = audit({ who, action: 'unlock', confirmed: 'host name', order: { lastsUs } });
    if (problem === undefined) return lock.unlock(lastsUs);
    const message = `still read-only, because the audit log cannot be written: ${problem}`;
    sink.deliver({ type: 'answer', id: 0, result: { ok: false, message } });
  }

  function receive(message: FromScreen): void {
    switch (message.type) {
      case 'command':
        sink.deliver({ type: 'answer', id: message.id, result: carryOut(message) });
        return publish();
      case 'show-router':
        return show(message.index);
      case 'unlock':
        return unlock(message.lastsUs);
      case 'lock':
        audit({ who, action: 'lock' });
        return lock.lock();
      case 'leaving':
        audit({ who, action: message.how, confirmed: message.confirmed });
        return;
    }
  }

  show(0);
  const timer = setInterval(() => publishInGap(), TICK_MS);
  return {
    receive,
    close() {
      clearInterval(timer);
      clearTimeout(waiting);
      lock.close();
    },
  };
}

type Undo = Extract<OperatorCommand, { kind: 'undo' | 'undo-all' }>;

const isUndo = (command: OperatorCommand): command is Undo => command.kind === 'undo' || command.kind === 'undo-all';

function aboutOf(order: OperatorCommand): Pick<AuditEntry, 'instance' | 'script' | 'why'> {
  if (isUndo(order)) return {};
  if (order.kind === 'run-script') return { script: order.script };
  if (order.kind === 'announce') return { instance: order.instance };
  return { instance: order.instance, ...(order.why === undefined ? {} : { why: order.why }) };
}
