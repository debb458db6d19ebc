// Our engine in the place of one of two captured keepalived 2.2.7 routers. The captures are handed to the developers and
// are no part of the project; `npm run score:traces -- DIR` replays others.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replayTrace } from '../score/replay-trace.ts';
import { firstDifference } from '../score/score-traces.ts';

const TRACES = resolve(import.meta.dirname, '../../../shared/corpus/traces');
const traces = existsSync(TRACES) ? readdirSync(TRACES) : [];

describe.skipIf(traces.length === 0)('beside keepalived 2.2.7, to 50 ms', () => {
  it.each(traces)('%s: the same adverts in the same order', (name) => {
    const replay = replayTrace(join(TRACES, name));
    expect(firstDifference(replay)).toBeUndefined();
    expect(replay.notDone).toEqual([]);
  });
});
