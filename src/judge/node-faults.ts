// Why an instance is in FAULT: every reason that holds, since when, what set it and what clears it.
import type { InstanceSnapshot, Snapshot } from '../engine/snapshot.ts';
import type { Evidence } from '../observe/finding.ts';
import type { Fault } from '../vrrp/state.ts';
import type { HostFinding } from './host-finding.ts';
import { type NodeFacts, secondsText } from './node-facts.ts';

/** A FAULT that begins so soon after the start was there before the router. */
const AT_START_US = 3_000_000;

/** One that is no longer there is forgotten. First looks are exact where the FAULT itself has just begun. */
export function faultTimes(
  before: ReadonlyMap<string, number>,
  { instances, takenAt }: Snapshot,
): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const instance of instances) {
    const reasons = instance.faultReasons ?? [];
    const all = reasons.every(({ key }) => !before.has(keyOf(instance, key)));
    for (const { key } of reasons) {
      const at = keyOf(instance, key);
      times.set(at, before.get(at) ?? (all && instance.state === 'FAULT' ? instance.since : takenAt));
    }
  }
  return times;
}

const keyOf = ({ name }: InstanceSnapshot, key: string): string => `${name}|${key}`;

/** About instances in FAULT: all reasons in one finding, and apart those that were there before the router. */
export function faultFindings(facts: NodeFacts): readonly HostFinding[] {
  const inFault = facts.snapshot.instances.filter(
    ({ state, faultReasons = [] }) => state === 'FAULT' && faultReasons.length > 0,
  );
  return inFault.flatMap((instance) => [inWords(facts, instance), ...atStart(facts, instance)]);
}

function inWords({ snapshot, faultSince }: NodeFacts, instance: InstanceSnapshot): HostFinding {
  const reasons = (instance.faultReasons ?? []).map((fault) => ({ fault, ...explain(snapshot, instance, fault) }));
  const forced = reasons.every(({ fault }) => fault.kind === 'forced');
  const [only] = reasons;
  return {
    id: 'D17',
    subject: instance.name,
    severity: forced ? 'info' : 'error',
    // The engine itself is in this state.
    confidence: 'proven',
    title:
      reasons.length === 1
        ? `${instance.name} is in FAULT: ${only!.fault.text}`
        : `${instance.name} is in FAULT for ${reasons.length} reasons, and stays so until the last of them has gone`,
    evidence: reasons.map(({ fault, setBy, cleared }): Evidence => {
      const at = faultSince.get(keyOf(instance, fault.key)) ?? instance.since;
      return { kind: 'host', at, source: setBy, text: `${fault.text}; cleared when ${cleared}` };
    }),
    why: 'A router in FAULT neither becomes MASTER nor holds its addresses.',
    fix: [...new Set(reasons.map(({ fix }) => fix))].join('\n'),
  };
}

interface Explained {
  readonly setBy: string;
  /** As the end of a sentence: `the link comes up`. */
  readonly cleared: string;
  readonly fix: string;
}

function explain(snapshot: Snapshot, instance: InstanceSnapshot, { kind, key }: Fault): Explained {
  const subject = key.slice(kind.length + 1);
  switch (kind) {
    case 'forced':
      return forced(snapshot, instance);
    case 'interface':
    case 'tracked-interface': {
      const name = subject.replace(/ of routes$/, '');
      return { setBy: 'kernel', cleared: `${name} is there and up`, fix: `ip link set ${name} up` };
    }
    case 'source': {
      const missing = instance.source ?? 'ADDRESS/PREFIX';
      const fix = `ip address add ${missing} dev ${instance.interface || 'IF'}`;
      return { setBy: 'kernel', cleared: 'the address is there, and no longer tentative', fix };
    }
    case 'script':
      return script(snapshot, subject);
    case 'tracked-file': {
      const path = snapshot.files.find(({ name }) => name === subject)?.path ?? 'FILE';
      return { setBy: `file ${path}`, cleared: 'another number is in it', fix: `echo 0 > ${path}` };
    }
    case 'tracked-process': {
      const found = snapshot.processes.find(({ name }) => name === subject);
      const cleared = `${found?.quorum ?? 1} of it run`;
      return { setBy: 'process tracker', cleared, fix: `Start ${found?.command ?? subject} again.` };
    }
    case 'port':
      return { setBy: 'kernel', cleared: 'the socket can be opened: tried each second', fix: 'kavtui doctor' };
    case 'address':
      return {
        setBy: 'kernel',
        cleared: '60 s have passed: it is tried again',
        fix: `ip address show dev ${instance.interface}`,
      };
    case 'group':
      return { setBy: `sync group`, cleared: `${subject} is well again`, fix: `See why ${subject} is in FAULT.` };
    case 'config':
      return { setBy: 'configuration', cleared: 'a peer is configured', fix: 'Add unicast_peer, then reload.' };
    case 'static':
      return { setBy: 'static address or route', cleared: 'the kernel takes it', fix: 'ip address; ip route' };
    case 'removed':
      return { setBy: 'configuration', cleared: 'it is in the file again', fix: 'Add the instance, then reload.' };
  }
}

function forced({ overrides }: Snapshot, { name }: InstanceSnapshot): Explained {
  const override = overrides.find(({ instance, kind }) => instance === name && kind === 'force-fault');
  const why = override?.why === undefined ? '' : ` (${override.why})`;
  return {
    setBy: `operator ${override?.who ?? ''}${why}`.trimEnd(),
    cleared: 'it is taken back, or its time is over',
    fix: 'Press u to take it back.',
  };
}

function script({ scripts }: Snapshot, subject: string): Explained {
  const found = scripts.find(({ name }) => name === subject);
  if (found === undefined)
    return { setBy: `script ${subject}`, cleared: 'it succeeds', fix: `Run ${subject} by hand.` };
  const { rise, intervalUs, command } = found;
  const times = rise === 1 ? 'it succeeds once' : `it succeeds ${rise} times in a row`;
  return {
    setBy: `script ${subject}`,
    cleared: `${times} (runs each ${secondsText(intervalUs)})`,
    fix: `Run it by hand: ${command}; echo $?`,
  };
}

/** Told apart because its cure is another one: the order in which the host starts. */
function atStart({ snapshot, faultSince }: NodeFacts, instance: InstanceSnapshot): HostFinding[] {
  const missing = (instance.faultReasons ?? []).filter(
    ({ kind, key }) =>
      (kind === 'source' || kind === 'interface') &&
      (faultSince.get(keyOf(instance, key)) ?? snapshot.takenAt) - snapshot.startedAt < AT_START_US,
  );
  const [first] = missing;
  if (first === undefined) return [];
  return [
    {
      id: 'D16',
      subject: instance.name,
      severity: 'warning',
      confidence: 'likely',
      title: `${instance.name} was started before its network was ready`,
      evidence: missing.map(({ text }) => ({ kind: 'host', at: instance.since, source: 'at the start', text })),
      why: 'It takes part only when the network is there; until then another router has to be MASTER.',
      fix:
        'systemctl edit keepalived: [Unit] After=network-online.target Wants=network-online.target\n' +
        'or in global_defs: vrrp_startup_delay 5',
    },
  ];
}
