// Findings of configurations and hosts as lines and as JSON, for `check` of several hosts and `doctor`.
import type { HostFinding } from '../judge/host-finding.ts';
import type { Evidence } from '../observe/finding.ts';
import { stripControl } from '../wire/text.ts';

/** A line for what is wrong, then its evidence, why it matters and what mends it. */
export function findingLines({ id, severity, confidence, subject, title, evidence, why, fix }: HostFinding): string[] {
  const lines = [
    `${severity} ${id} (${confidence}) ${subject}: ${title}`,
    ...evidence.map((one) => `    ${evidenceText(one)}`),
    `    why: ${why}`,
    ...fix.split('\n').map((line, i) => `    ${i === 0 ? 'fix: ' : '     '}${line}`),
  ];
  return lines.map((line) => stripControl(line));
}

export function evidenceText(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'configuration':
      return `${evidence.file}:${evidence.line}: ${evidence.text}`;
    case 'sysctl':
      return `${evidence.name} = ${evidence.value}`;
    case 'host':
      return `${evidence.source}: ${evidence.text}`;
    default:
      return evidence.text;
  }
}

/** `2 errors, 1 warning`, or `nothing found`. */
export function countFindings(findings: readonly HostFinding[]): string {
  const parts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    const noun = severity === 'info' ? 'note' : severity;
    return found === 0 ? [] : [`${found} ${noun}${found === 1 ? '' : 's'}`];
  });
  return parts.length === 0 ? 'nothing found' : parts.join(', ');
}
