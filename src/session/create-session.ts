// The engine side of a screen in the same process: publishes what is new, at most ten times a second, and never more
// than the screen can take.
import type { Feed } from './feed.ts';
import type { FromScreen, SessionInfo } from './messages.ts';
import type { ScreenConnection, ScreenSession, ScreenSink } from './screen-session.ts';

const TICK_MS = 100;

export interface SessionOptions {
  readonly info: SessionInfo;
  /** One in `run`; all routers in `demo`. */
  readonly feeds: readonly Feed[];
}

export function createSession({ info, feeds }: SessionOptions): ScreenSession {
  return { info, connect: (sink) => connect(feeds, sink) };
}

function connect(feeds: readonly Feed[], sink: ScreenSink): ScreenConnection {
  let shown = 0;
  let sent = { revision: -1, event: 0, packet: 0 };

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
    sent = { revision, event: feed.events.last(), packet: feed.packets.last() };
    sink.deliver({ type: 'update', snapshot: feed.snapshot(), events, packets, dropped, lateness: feed.lateness() });
  }

  function show(index: number): void {
    if (feeds[index] === undefined) return;
    shown = index;
    sent = { revision: -1, event: 0, packet: 0 };
    sink.deliver({ type: 'routers', names: feeds.map(({ name }) => name), shown });
    publish();
  }

  function receive(message: FromScreen): void {
    switch (message.type) {
      case 'command':
        sink.deliver({ type: 'answer', id: message.id, result: feeds[shown]!.command(message.command) });
        return publish();
      case 'show-router':
        return show(message.index);
    }
  }

  show(0);
  const timer = setInterval(publish, TICK_MS);
  return { receive, close: () => clearInterval(timer) };
}
