// vrrp_sync_group blocks, and what membership does to the trackers of an instance (vrrp-fsm: priority and tracking).
import type { SyncGroupConfig } from '../engine/config.ts';
import type { InstanceConfig } from '../vrrp/config.ts';
import type { Globals } from './globals.ts';
import {
  readTrackBfds,
  readTrackFiles,
  readTrackInterfaces,
  readTrackProcesses,
  readTrackScripts,
} from './instance-blocks.ts';
import { type InstanceDraft, newDraft, type ReadContext } from './instance-draft.ts';
import { readNotify } from './instance-keywords.ts';
import type { Report } from './report.ts';
import type { Statement, Word } from './statement.ts';
import { reportSupport } from './support.ts';

export interface GroupDraft {
  readonly name: Word;
  readonly members: Word[];
  trackingWeight: boolean;
  readonly inner: InstanceDraft;
}

type Reader = (statement: Statement, draft: GroupDraft, context: ReadContext) => void;

const READERS: Readonly<Record<string, Reader>> = {
  group: (statement, draft) => void draft.members.push(...statement.lines.flat()),
  sync_group_tracking_weight: (_, draft) => {
    draft.trackingWeight = true;
  },
  track_interface: (statement, { inner }, context) => readTrackInterfaces(statement, inner, context),
  track_script: (statement, { inner }, context) => readTrackScripts(statement, inner, context),
  track_bfd: (statement, { inner }, context) => readTrackBfds(statement, inner, context),
  track_file: (statement, { inner }, context) => readTrackFiles(statement, inner, context),
  track_process: (statement, { inner }, context) => readTrackProcesses(statement, inner, context),
  notify_master: (statement, { inner }, context) => readNotify('master')(statement, inner, context),
  notify_backup: (statement, { inner }, context) => readNotify('backup')(statement, inner, context),
  notify_fault: (statement, { inner }, context) => readNotify('fault')(statement, inner, context),
  notify_stop: (statement, { inner }, context) => readNotify('stop')(statement, inner, context),
  notify: (statement, { inner }, context) => readNotify('any')(statement, inner, context),
};

/** Reads one vrrp_sync_group block; without a name or with one that is taken it is left out. */
export function addGroup(block: Statement, groups: GroupDraft[], context: ReadContext): void {
  const { report } = context;
  const name = block.words[0];
  if (name === undefined) {
    report.error('missing-value', block.keyword, 'vrrp_sync_group needs a name after it: the block is left out');
    return;
  }
  if (groups.some((group) => group.name.text === name.text)) {
    report.error(
      'duplicate',
      name,
      `vrrp_sync_group ${name.text.slice(0, 64)} is defined already: this block is left out`,
    );
    return;
  }
  const draft: GroupDraft = { name, members: [], trackingWeight: false, inner: newDraft(name) };
  for (const statement of block.statements) {
    reportSupport(statement, report);
    READERS[statement.known.name]?.(statement, draft, context);
  }
  groups.push(draft);
}

/** Resolves the groups once all instances are known, and the instances' trackers as membership leaves them. */
export function completeGroups(
  drafts: readonly GroupDraft[],
  instances: readonly InstanceConfig[],
  _globals: Globals,
  report: Report,
): { readonly instances: readonly InstanceConfig[]; readonly syncGroups?: readonly SyncGroupConfig[] } {
  const known = new Set(instances.map((instance) => instance.name));
  const taken = new Set<string>();
  const syncGroups: SyncGroupConfig[] = [];
  /** By member: the name of its group, when weights do not count there. */
  const unweighted = new Map<string, Word>();
  for (const draft of drafts) {
    const group = completeGroup(draft, known, taken, report);
    if (group === undefined) continue;
    syncGroups.push(group);
    if (!group.trackingWeight) for (const member of group.members) unweighted.set(member, draft.name);
  }
  if (syncGroups.length === 0) return { instances };
  return {
    instances: withGroupStates(instances, syncGroups).map((each) => {
      const group = unweighted.get(each.name);
      return group === undefined ? each : withoutWeights(each, group, report);
    }),
    syncGroups,
  };
}

/** Members begin as BACKUP, unless all of them own their addresses. */
function withGroupStates(
  instances: readonly InstanceConfig[],
  groups: readonly SyncGroupConfig[],
): readonly InstanceConfig[] {
  const owners = new Set(instances.filter(({ priority }) => priority === 255).map(({ name }) => name));
  const held = new Set(
    groups.filter(({ members }) => !members.every((name) => owners.has(name))).flatMap((group) => group.members),
  );
  return instances.map((each) => (held.has(each.name) ? { ...each, initialState: 'BACKUP' } : each));
}

function completeGroup(
  { name, members, trackingWeight, inner }: GroupDraft,
  instances: ReadonlySet<string>,
  taken: Set<string>,
  report: Report,
): SyncGroupConfig | undefined {
  const valid = members.filter((member) => {
    const known = instances.has(member.text);
    const free = !taken.has(member.text);
    taken.add(member.text);
    if (known && free) return true;
    const why = known ? 'is in another group already' : 'is no vrrp_instance that can run';
    const message = `${member.text.slice(0, 64)} ${why}: it is not in this group`;
    report.warning('undefined-script', member, message, { whole: true });
    return false;
  });
  if (valid.length === 0) {
    report.warning('no-effect', name, `vrrp_sync_group ${name.text.slice(0, 64)} has no members; it is left out`);
    return undefined;
  }
  if (valid.length === 1) {
    report.warning('no-effect', name, `vrrp_sync_group ${name.text.slice(0, 64)} has only one member`);
  }
  return {
    name: name.text,
    members: valid.map((member) => member.text),
    trackingWeight,
    trackScripts: [...inner.trackScripts.values()],
    trackInterfaces: [...inner.trackInterfaces.values()].map(({ value }) => value),
    ...(inner.trackFiles.size > 0 && { trackFiles: [...inner.trackFiles.values()] }),
    ...(inner.trackProcesses.size > 0 && { trackProcesses: [...inner.trackProcesses.values()] }),
    notify: inner.notify,
  };
}

/** A member's weights do not count: interfaces and files become FAULT conditions, weighted scripts are not tracked. */
function withoutWeights(instance: InstanceConfig, at: Word, report: Report): InstanceConfig {
  const { trackScripts, trackInterfaces, trackFiles } = instance;
  const weighted = [...trackScripts, ...trackInterfaces, ...(trackFiles ?? [])].filter(({ weight }) => weight !== 0);
  if (weighted.length === 0) return instance;
  const message = `${instance.name}: weights of trackers do not count for a member of a sync group`;
  report.warning('no-effect', at, message, { hint: 'sync_group_tracking_weight lets them count' });
  const unweighted = <T extends { readonly weight: number }>(list: readonly T[]) =>
    list.map((each) => ({ ...each, weight: 0 }));
  return {
    ...instance,
    trackScripts: trackScripts.filter(({ weight }) => weight === 0),
    trackInterfaces: unweighted(trackInterfaces),
    ...(trackFiles === undefined
      ? {}
      : { trackFiles: unweighted(trackFiles.filter(({ weight }) => weight === 0 || weight === 1)) }),
  };
}
