// Where the network ignores announcements a script moves the address: each router that can be MASTER needs it.
import { said } from './configured-host.ts';
import type { HostFinding } from './host-finding.ts';
import type { RouterGroup } from './match-instances.ts';
import { movesInCloud } from './single-host.ts';

/** Routers without a command for what another one's command does in the cloud. */
export function cloudFindings({ members }: RouterGroup, subject: string): HostFinding[] {
  const having = members.find((member) => movesInCloud(member) !== undefined);
  if (having === undefined) return [];
  const silent = members.filter(({ instance }) => instance.notify.master === undefined && !instance.notify.any);
  return silent.map((member) => ({
    id: 'D24',
    subject,
    severity: 'error',
    confidence: 'likely',
    title: `${member.host.name} has no notify_master, where ${having.host.name} moves the address in the cloud with one`,
    evidence: [
      said(having, ['notify_master', 'notify'], `runs ${movesInCloud(having)?.argv[0] ?? 'a script'}`),
      said(member, 'notify_master', 'no notify_master'),
    ],
    why: `When ${member.host.name} becomes MASTER nothing tells the cloud: it has the address, and no traffic.`,
    fix: `Give ${member.host.name} the same notify_master.`,
  }));
}
