// The side of a watch that a screen talks to: publishes what is new, at most ten times a second. It obeys only orders about
// the replay of a recording, and passes on that dumps are asked for; there is nothing else that could be changed.
import type { Snapshot } from '../engine/snapshot.ts';
import type { DumpKind } from '../observe/local-router.ts';
import type { SessionInfo } from './messages.ts';
import type { ReplayOrder } from './replay.ts';
import type { ScreenConnection, ScreenSession, ScreenSink } from './screen-session.ts';
import type { WatchFeed } from './watch-feed.ts';
import type { ListedFinding, WatchPicture } from './watch-picture.ts';

const TICK_MS = 100;

export interface WatchSessionOptions {
  readonly info: SessionInfo;
  readonly feed: WatchFeed;
  picture(): { readonly snapshot: Snapshot; readonly watch: WatchPicture; readonly findings: readonly ListedFinding[] };
  /** Changes when there is something new to be drawn. */
  revision(): number | string;
  order?(order: ReplayOrder): void;
  dump?(kinds: readonly DumpKind[]): void;
}

export function createWatchSession(options: WatchSessionOptions): ScreenSession {
  return { info: options.info, connect: (sink) => connect(options, sink) };
}

function connect(
  { info, feed, picture, revision, order, dump }: WatchSessionOptions,
  sink: ScreenSink,
): ScreenConnection {
  let sent: { revision: number | string | undefined; event: number; packet: number } = {
    ...{ revision: undefined, event: 0, packet: 0 },
  };

  function publish(): void {
    const present = revision();
    if (present === sent.revision || !sink.ready()) return;
    const { snapshot, watch, findings } = picture();
    const pass = watch.replay?.pass;
    const news = [feed.events().since(sent.event), feed.packets().since(sent.packet)] as const;
    // A screen that has just come did not miss what was before it; of a replay, what was passed over is not missing.
    const complete = sent.revision === undefined || pass !== undefined;
    const missed = (last: number, before: number, count: number): number =>
      complete || last === 0 ? 0 : last - before - count;
    const event = feed.events().last();
    const packet = feed.packets().last();
    const dropped = missed(event, sent.event, news[0].length) + missed(packet, sent.packet, news[1].length);
    sent = { revision: present, event: event || sent.event, packet: packet || sent.packet };
    sink.deliver({
      ...{ type: 'update', snapshot, events: news[0], packets: news[1], dropped, lateness: 0, watch, findings },
    });
  }

  sink.deliver({ type: 'routers', names: [info.hostname], shown: 0 });
  publish();
  const timer = setInterval(publish, TICK_MS);
  return {
    receive(message) {
      if (message.type === 'replay') order?.(message.order);
      else if (message.type === 'dump') dump?.(message.kinds);
      else return;
      publish();
    },
    close: () => clearInterval(timer),
  };
}
