// What happened to an instance that its state alone does not tell: an address taken away, a takeover by mistake, lateness.
import type { InstanceSnapshot } from '../engine/snapshot.ts';
import type { Evidence } from '../observe/finding.ts';
import type { HostFinding } from './host-finding.ts';
import { type NodeFacts, secondsText } from './node-facts.ts';

const TOLD_US = 600_000_000;
/** A removal is told of for so long after it. */
const REMOVED_US = 60_000_000;
/** The kernel has to show an address so soon after it was set. */
const SHOWN_US = 2_000_000;
/** A takeover so soon after the start, and so short, was none that anybody needed. */
const YOUNG_US = 60_000_000;
const MOMENT_US = 10_000_000;
/** Lateness that matters: a part of the shortest interval, but not what any busy host has. */
const LATE_SHARE = 0.25;
const LATE_US = 20_000;

/** About instances and this host: addresses that are gone, a takeover that nobody needed, lateness. */
export function stateFindings(facts: NodeFacts): readonly HostFinding[] {
  return [
    ...facts.snapshot.instances.flatMap((instance) => [...removed(facts, instance), ...shortReign(facts, instance)]),
    ...late(facts),
  ];
}

const lines = ({ snapshot, events }: NodeFacts, { name }: InstanceSnapshot) =>
  events(name).filter(({ at }) => snapshot.takenAt - at < TOLD_US);

function removed(facts: NodeFacts, instance: InstanceSnapshot): HostFinding[] {
  const { name, state, since, addresses, interface: interfaceName } = instance;
  const told = lines(facts, instance).filter(
    ({ kind, text, at }) =>
      kind === 'address' && / removed by another program/.test(text) && facts.snapshot.takenAt - at < REMOVED_US,
  );
  const settled = state === 'MASTER' && facts.snapshot.takenAt - since > SHOWN_US;
  const absent = settled ? addresses.filter(({ present }) => !present) : [];
  const evidence: Evidence[] = [
    ...told.slice(-3).map(({ at, text }): Evidence => ({ kind: 'log', at, text })),
    ...absent.slice(0, 3).map((vip): Evidence => {
      return { kind: 'host', source: `ip address show dev ${vip.interface}`, text: `${vip.address} is not there` };
    }),
  ];
  if (evidence.length === 0) return [];
  const what = absent[0]?.address ?? /\S+ (\S+) was removed/.exec(told.at(-1)!.text)?.[1] ?? 'an address';
  return [
    {
      id: 'D15',
      subject: name,
      severity: absent.length > 0 ? 'error' : 'warning',
      // The kernel told of it, and the engine did not ask for it.
      confidence: told.length > 0 ? 'proven' : 'likely',
      title:
        told.length > 0 ? `${what} was taken away by another program` : `${name} is MASTER and ${what} is not there`,
      evidence,
      why: 'Nobody serves an address that is gone. systemd-networkd, NetworkManager and DHCP clients remove those that they do not know.',
      fix:
        `networkctl status ${interfaceName}; nmcli device show ${interfaceName}; journalctl --since -1h\n` +
        'KeepConfiguration=yes in its .network file, or unmanaged-devices in NetworkManager.conf',
    },
  ];
}

/** MASTER for a moment right after the start, because nobody was heard yet. */
function shortReign(facts: NodeFacts, instance: InstanceSnapshot): HostFinding[] {
  const states = lines(facts, instance).filter(({ kind, state }) => kind === 'state' && state !== undefined);
  const at = states.findIndex(({ state }) => state === 'MASTER');
  const [came, went] = [states[at], states[at + 1]];
  if (came === undefined || went === undefined || went.state !== 'BACKUP') return [];
  if (came.at - facts.snapshot.startedAt > YOUNG_US || went.at - came.at > MOMENT_US) return [];
  if (!/ has (?:higher|equal) priority/.test(went.cause ?? '')) return [];
  return [
    {
      id: 'D18',
      subject: instance.name,
      severity: 'warning',
      confidence: 'likely',
      title: `${instance.name} became MASTER after the start for ${secondsText(went.at - came.at)}, although a better one was there`,
      evidence: [came, went].map(({ at: time, text, cause }) => {
        return { kind: 'log', at: time, text: cause === undefined ? text : `${text} (${cause})` };
      }),
      why: 'The addresses changed places twice. Adverts were not let through yet: spanning tree, LACP, or a stateful firewall.',
      fix: 'vrrp_startup_delay 10 in global_defs; portfast on its port; nft add rule inet filter input meta l4proto vrrp accept',
    },
  ];
}

function late({ snapshot, latenessUs }: NodeFacts): HostFinding[] {
  const shortest = Math.min(...snapshot.instances.map(({ advertIntervalUs }) => advertIntervalUs));
  if (!Number.isFinite(shortest) || latenessUs < Math.max(LATE_US, LATE_SHARE * shortest)) return [];
  return [
    {
      id: 'D10',
      subject: 'this host',
      severity: 'warning',
      confidence: 'proven',
      title: `this router comes late: the processor is not given to it`,
      evidence: [
        {
          kind: 'host',
          source: 'timer of the engine',
          text: `p99 of the last 10 s late by ${secondsText(latenessUs)}; shortest interval ${secondsText(shortest)}`,
        },
      ],
      why: 'Adverts leave late: after three intervals and the skew the others take over.',
      fix: 'cat /proc/pressure/cpu; vrrp_rt_priority 50 and vrrp_no_swap in global_defs; a longer advert_int',
    },
  ];
}
