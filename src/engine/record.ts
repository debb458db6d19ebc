// One line of the event log: what happened, in keepalived's words, with enough structure to filter and to draw.
import type { VrrpState } from '../vrrp/state.ts';

export type Level = 'info' | 'warning' | 'error';

export type RecordKind =
  | 'state'
  | 'priority'
  | 'advert'
  | 'reject'
  | 'script'
  | 'address'
  | 'link'
  | 'override'
  | 'notify'
  | 'port'
  | 'node'
  /** A line of the log of a router that runs here, of which the screen is no part. */
  | 'log';

export interface EventRecord {
  /** Counts up from 1 without gaps. */
  readonly seq: number;
  /** Engine clock, µs. */
  readonly at: number;
  readonly level: Level;
  readonly kind: RecordKind;
  readonly instance?: string;
  /** The script, file, process or interface that it is about. */
  readonly subject?: string;
  /** keepalived's wording, without time and without instance prefix: `Entering MASTER STATE`. */
  readonly text: string;
  /** For `state`: where to, and the cause in words: `master-down timer expired`. */
  readonly state?: VrrpState | 'STOP';
  readonly cause?: string;
}
