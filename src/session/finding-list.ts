// Findings as rows: those that are open, worst first, then the last ones that are over.
import type { Finding, Severity } from '../observe/finding.ts';
import type { ListedFinding } from './watch-picture.ts';

/** Findings that are over and still shown. */
const RESOLVED = 50;
/** More are no list that anybody reads. */
const OPEN = 500;

type Ranked = Pick<Finding, 'severity' | 'firstSeen'>;

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

export interface FindingList {
  /** A finding is new, has changed, or is over. */
  told(finding: ListedFinding): void;
  list(open: readonly ListedFinding[]): readonly ListedFinding[];
  clear(): void;
}

export function createFindingList(): FindingList {
  let resolved: readonly ListedFinding[] = [];
  return {
    told(finding) {
      resolved = resolved.filter(({ key }) => key !== finding.key);
      if (finding.resolved !== undefined) resolved = [finding, ...resolved].slice(0, RESOLVED);
    },
    list: (open) => [...open.toSorted(worstFirst).slice(0, OPEN), ...resolved],
    clear() {
      resolved = [];
    },
  };
}

/** For sorting. */
export function worstFirst(a: Ranked, b: Ranked): number {
  return RANK[a.severity] - RANK[b.severity] || a.firstSeen - b.firstSeen;
}
