// Where a watch goes to: lines on standard output; a screen is another sink (watch-screen.ts).
import type { Observer } from '../observe/observer.ts';
import type { ObserverSnapshot } from '../observe/view.ts';
import type { CapturedFrame } from '../ports/capture-port.ts';
import type { SignalName } from './signals.ts';
import type { WatchJoin } from './watch-join.ts';
import { endJson, eventJson, eventText, type ToWall, type WatchEvent } from './watch-lines.ts';

export interface WatchSink {
  event(event: WatchEvent): void;
  /** Nothing comes any more. */
  end(snapshot: ObserverSnapshot): void;
  /** Of a screen, which draws from the observer: everything is open, frames will come. `end` ends the watch. */
  begin?(observer: Observer, interfaces: readonly string[], end: () => void, join: WatchJoin | undefined): void;
  /** What came of a question to a router of this host. */
  note?(at: number, level: 'info' | 'warning', text: string): void;
  frame?(frame: CapturedFrame): void;
  signal?(name: SignalName): void;
}

/** One line for each happening: JSON, or text for people. */
export function lineSink(json: boolean, toWall: ToWall, write: (line: string) => void): WatchSink {
  return {
    event: (event) => write(json ? eventJson(event, toWall) : eventText(event, toWall)),
    end: (snapshot) => {
      if (json) for (const line of endJson(snapshot, toWall)) write(line);
    },
  };
}
