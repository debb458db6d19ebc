// One vrrp_track_process: its count against the quorum, and the delays before a change of that counts (fork_delay,
// terminate_delay). Pure: (state, count or time) → state.
import type { TrackProcessConfig } from './config.ts';

export interface ProcessState {
  /** Undefined until the first count, which decides at once. */
  readonly count: number | undefined;
  readonly quorum: boolean | undefined;
  /** When the quorum changes if the count stays as it is, µs. */
  readonly changesAt: number | undefined;
}

export const UNCOUNTED: ProcessState = { count: undefined, quorum: undefined, changesAt: undefined };

/** A new count: a change of the quorum waits for its delay, and is forgotten when the count comes back in time. */
export function countProcesses(
  config: TrackProcessConfig,
  state: ProcessState,
  count: number,
  now: number,
): ProcessState {
  const enough = hasQuorum(config, count);
  if (state.quorum === undefined) return { count, quorum: enough, changesAt: undefined };
  if (enough === state.quorum) return { count, quorum: enough, changesAt: undefined };
  const delay = enough ? config.forkDelayUs : config.terminateDelayUs;
  if (delay === 0) return { count, quorum: enough, changesAt: undefined };
  return { ...state, count, changesAt: state.changesAt ?? now + delay };
}

/** Takes up a change whose delay is over. */
export function tickProcess(state: ProcessState, now: number): ProcessState {
  if (state.changesAt === undefined || state.changesAt > now) return state;
  return { ...state, quorum: !state.quorum, changesAt: undefined };
}

/** The quorum under other limits: what is known of the processes decides at once (a reload). */
export function judgeAgain(config: TrackProcessConfig, { count }: ProcessState): ProcessState {
  return count === undefined ? UNCOUNTED : { count, quorum: hasQuorum(config, count), changesAt: undefined };
}

function hasQuorum({ quorum, quorumMax = Number.POSITIVE_INFINITY }: TrackProcessConfig, count: number): boolean {
  return count >= quorum && count <= quorumMax;
}
