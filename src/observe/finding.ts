// A finding: something that is wrong, how sure that is, the evidence, why it matters and what mends it.
import type { IpAddress } from '../wire/address.ts';
import type { SegmentId } from './event.ts';

export type Severity = 'error' | 'warning' | 'info';

/** `proven`: two independent observations say so. `likely`: one does. `hint`: it may well be otherwise. */
export type Confidence = 'proven' | 'likely' | 'hint';

export type Evidence =
  /** What was seen on the wire, and when (µs on the clock of the frames). */
  | { readonly kind: 'frame'; readonly at: number; readonly text: string }
  | { readonly kind: 'configuration'; readonly file: string; readonly line: number; readonly text: string }
  | { readonly kind: 'sysctl'; readonly name: string; readonly value: string }
  /** What a host says of itself: a file of /proc, a program's answer, a rule of the firewall. */
  | { readonly kind: 'host'; readonly source: string; readonly text: string; readonly at?: number }
  | { readonly kind: 'log'; readonly text: string; readonly at?: number };

/** What a rule finds, without the times. */
export interface Discovery {
  /** `D01`: the page in docs/findings. */
  readonly id: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** The router it is about, where it is about one. */
  readonly address?: IpAddress;
  /** The address of the virtual router it is about, where it is about one. */
  readonly vip?: IpAddress;
  /** One sentence. */
  readonly title: string;
  readonly evidence: readonly Evidence[];
  /** What it leads to. */
  readonly why: string;
  /** What to do, as far as possible to copy. */
  readonly fix: string;
}

export interface Finding extends Discovery {
  readonly segment: SegmentId;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** When it was no longer so. */
  readonly resolved: number | undefined;
}

/** Told when a finding is new, when it has become better or worse, and when it is resolved. */
export interface FindingEvent {
  readonly type: 'finding';
  readonly at: number;
  readonly finding: Finding;
}
