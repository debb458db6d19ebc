// The engine side of a screen: who implements it publishes updates, who connects draws them.
import type { FromScreen, SessionInfo, ToScreen } from './messages.ts';

export interface ScreenSink {
  deliver(message: ToScreen): void;
  /** False while earlier output is not drained: the publisher then skips a tick instead of queueing. */
  ready(): boolean;
}

export interface ScreenConnection {
  receive(message: FromScreen): void;
  /** Ends the updates; the engine is not touched. */
  close(): void;
}

export interface ScreenSession {
  readonly info: SessionInfo;
  /** Sends `routers` and a first `update` at once, then updates when something changed, at most ten a second. */
  connect(sink: ScreenSink): ScreenConnection;
}
