// Where a watch goes to. Lines on standard output now; a screen is another sink.
import type { ObserverSnapshot } from '../observe/view.ts';
import { endJson, eventJson, eventText, type ToWall, type WatchEvent } from './watch-lines.ts';

export interface WatchSink {
  event(event: WatchEvent): void;
  /** Nothing comes any more. */
  end(snapshot: ObserverSnapshot): void;
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
