// What is wrong with this host whatever the instances are: rights, other managers, load, tables, scripts.
import type { HostState } from '../ports/host-state.ts';
import type { ConfiguredHost } from './configured-host.ts';
import type { HostFinding } from './host-finding.ts';

export function hostFindings(state: HostState, host: ConfiguredHost | undefined): HostFinding[] {
  return [...rights(state), ...twoRouters(state), ...managers(state), ...conntrack(state), ...load(state)].concat(
    host === undefined ? [] : scripts(state, host),
  );
}

function rights({ routers }: HostState): HostFinding[] {
  return routers.flatMap(({ pid, name, certain, missingRights = [] }) => {
    if (!certain || missingRights.length === 0) return [];
    const names = missingRights.join(' and ');
    return [
      {
        id: 'D25',
        subject: `${name} (pid ${pid})`,
        severity: 'error',
        confidence: 'proven',
        title: `${name} runs without ${names}`,
        evidence: [{ kind: 'host', source: `/proc/${pid}/status`, text: `CapEff lacks ${names}` }],
        why: 'It can send no adverts, or set no addresses.',
        fix: missingRights.map((right) => `docker run ... --cap-add ${right.replace('CAP_', '')}`).join('\n'),
      },
    ];
  });
}

function twoRouters({ routers: found }: HostState): HostFinding[] {
  const routers = found.filter(({ certain }) => certain);
  if (routers.length < 2) return [];
  return [
    {
      id: 'D01',
      subject: 'this host',
      severity: 'warning',
      confidence: 'likely',
      title: `${routers.length} VRRP daemons run in this network namespace`,
      evidence: routers.map(({ pid, argv }) => ({ kind: 'host', source: `pid ${pid}`, text: argv.join(' ') })),
      why: 'At its start and its end each removes addresses of the other, and one virtual router in both is MASTER twice.',
      fix: 'Stop all but one; keepalived beside keepalived needs configurations that share nothing.',
    },
  ];
}

function managers({ managers: found }: HostState): HostFinding[] {
  return found.map(({ kind, interface: name, file, text }) => ({
    id: 'D15',
    subject: name,
    severity: 'warning',
    confidence: 'hint',
    title: `${kind} manages ${name} and may remove virtual addresses`,
    evidence: [{ kind: 'host', source: file, text }],
    why: 'When it is restarted it removes addresses that it does not know; the router steps down.',
    fix:
      kind === 'systemd-networkd'
        ? `mkdir -p /etc/systemd/network/${file.split('/').at(-1)}.d && printf '[Network]\\nKeepConfiguration=yes\\n' > /etc/systemd/network/${file.split('/').at(-1)}.d/keep.conf && networkctl reload`
        : `printf '[keyfile]\\nunmanaged-devices=interface-name:${name}\\n' > /etc/NetworkManager/conf.d/vrrp.conf && nmcli general reload`,
  }));
}

const FULL = 0.98;
const NEARLY = 0.85;

function conntrack({ conntrack: table }: HostState): HostFinding[] {
  if (table === undefined || table.max === 0 || table.count < table.max * NEARLY) return [];
  const full = table.count >= table.max * FULL;
  return [
    {
      id: 'D35',
      subject: 'this host',
      severity: full ? 'error' : 'warning',
      confidence: 'likely',
      title: `the table of connections is ${full ? 'full' : 'nearly full'}`,
      evidence: [
        { kind: 'sysctl', name: 'net.netfilter.nf_conntrack_count', value: String(table.count) },
        { kind: 'sysctl', name: 'net.netfilter.nf_conntrack_max', value: String(table.max) },
      ],
      why: 'When it is full, adverts cannot be sent (Operation not permitted): another router takes over.',
      fix: `sysctl -w net.netfilter.nf_conntrack_max=${table.max * 2}`,
    },
  ];
}

/** Percent of ten seconds. */
const MUCH_WAITING = 60;
const MUCH_STOLEN = 10;
const LATE_US = 200_000;

function load({ pressure, stealPercent = 0, latestUs }: HostState): HostFinding[] {
  const waits = (['cpu', 'io', 'memory'] as const).filter((name) => (pressure[name] ?? 0) >= MUCH_WAITING);
  const evidence = [
    ...waits.map((name) => `/proc/pressure/${name}: something waits ${pressure[name]} % of the time`),
    ...(stealPercent >= MUCH_STOLEN
      ? [`/proc/stat: the hypervisor takes ${stealPercent.toFixed(0)} % of the time`]
      : []),
    ...(latestUs >= LATE_US ? [`a timer of kavtui was ${(latestUs / 1000).toFixed(0)} ms late`] : []),
  ];
  if (evidence.length === 0) return [];
  return [
    {
      id: 'D10',
      subject: 'this host',
      // Waiting alone is load; late timers are what takes a MASTER down.
      severity: latestUs >= LATE_US || stealPercent >= MUCH_STOLEN ? 'warning' : 'info',
      confidence: evidence.length > 1 ? 'likely' : 'hint',
      title: 'this host may be late with adverts',
      evidence: evidence.map((text) => ({ kind: 'log', text })),
      why: 'After three intervals and the skew without an advert the others take over.',
      fix: 'global_defs: vrrp_rt_priority 50, vrrp_no_swap; or a longer advert_int on all routers.',
    },
  ];
}

const WHY_SCRIPT = {
  missing: 'keepalived does not track it, or it fails at each run.',
  unreadable: 'whether keepalived runs it cannot be told.',
  'not-executable': 'keepalived does not run it.',
  unsafe: 'with enable_script_security keepalived does not run it; without, whoever may change it is root.',
} as const;

function scripts({ scripts: problems }: HostState, { config }: ConfiguredHost): HostFinding[] {
  const secure = config.globals.enableScriptSecurity;
  return problems.map(({ script, part, problem, text }) => ({
    id: 'D13',
    subject: script,
    severity: problem === 'unreadable' ? 'info' : problem === 'unsafe' && !secure ? 'warning' : 'error',
    confidence: 'proven',
    title:
      problem === 'missing'
        ? `${script} is not there`
        : `${part} is ${problem === 'unsafe' ? 'not safe' : problem.replace('-', ' ')}`,
    evidence: [{ kind: 'host', source: part, text }],
    why: `The script ${script}: ${WHY_SCRIPT[problem]}`,
    fix:
      problem === 'unsafe'
        ? `chown root:root ${part} && chmod go-w ${part}`
        : problem === 'not-executable'
          ? `chmod +x ${part}`
          : `Look at the path: namei -l ${script}`,
  }));
}
