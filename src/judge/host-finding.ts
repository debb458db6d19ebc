// A finding about configurations or about this host: no frames, so no times, but a subject.
import type { Discovery } from '../observe/finding.ts';

export interface HostFinding extends Discovery {
  /** What it is about: `vrid 51 IPv4`, `eth0`, `lb1`. */
  readonly subject: string;
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

/** The worst first; what is equally bad by id, then in the order in which it was found. */
export function inOrder(findings: readonly HostFinding[]): HostFinding[] {
  return findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || a.id.localeCompare(b.id));
}

/** Exit status: 0 nothing found (notes do not count), 10 warnings, 11 errors. */
export function severityExit(severities: readonly HostFinding['severity'][]): 0 | 10 | 11 {
  if (severities.includes('error')) return 11;
  return severities.includes('warning') ? 10 : 0;
}
