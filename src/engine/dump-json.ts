// keepalived.json as keepalived 2.2.7 writes it on SIGRTMIN+2: names, order and types of its fields.
import type { InstanceConfig } from '../vrrp/config.ts';
import type { VrrpState } from '../vrrp/state.ts';
import type { NodeConfig } from './config.ts';
import {
  dumpedAddress,
  dumpedCommand,
  dumpedCounters,
  dumpedInstances,
  dumpedTime,
  heardPriority,
  MASK,
  wallMicroseconds,
} from './dump-values.ts';
import type { InstanceSnapshot, Snapshot } from './snapshot.ts';

const STATE_NUMBER: Readonly<Record<VrrpState, number>> = { INIT: 0, BACKUP: 1, MASTER: 2, FAULT: 3 };

/** The text of keepalived.json: form 1 is an array, form 2 (json_version 2) an object. Secrets are masked. */
export function dumpJson(config: NodeConfig, snapshot: Snapshot): string {
  const instances = dumpedInstances(config.instances, snapshot).map(({ instance, shown }) => ({
    data: { ...facts(instance, shown, snapshot), ...lists(instance, shown, config), ...authentication(instance) },
    stats: dumpedCounters(shown),
  }));
  const second = config.globals.dumps?.jsonVersion === 2;
  const whole = second ? { vrrp: instances, track_process: processes(config, snapshot) } : instances;
  // keepalived escapes slashes, and scripts that read it with sed know that.
  return JSON.stringify(whole).replaceAll('/', '\\/');
}

function processes({ trackProcesses = [] }: NodeConfig, snapshot: Snapshot) {
  return trackProcesses.map((config) => {
    const shown = snapshot.processes.find(({ name }) => name === config.name);
    const waiting = shown?.changesAt !== undefined;
    return {
      process: config.path,
      parameters: config.parameters.join(' '),
      param_match: config.match,
      min_processes: config.quorum,
      max_processes: config.quorumMax ?? 0xffff_ffff,
      current_processes: shown?.count ?? 0,
      have_quorum: shown?.ok ?? false,
      weight: config.weight,
      terminate_delay: config.terminateDelayUs / 1_000_000,
      fork_delay: config.forkDelayUs / 1_000_000,
      fork_delay_timer_running: waiting && shown.ok === false,
      terminate_delay_timer_running: waiting && shown.ok === true,
      full_command: config.match === 'command',
    };
  });
}

function facts(instance: InstanceConfig, shown: InstanceSnapshot, snapshot: Snapshot) {
  const { announcements: garp, vmac, options = {} } = instance;
  return {
    iname: instance.name,
    dont_track_primary: Number(options.dontTrackPrimary ?? false),
    skip_check_adv_addr: Number(options.skipCheckAdvertAddresses ?? false),
    strict_mode: Number(options.strict ?? false),
    vmac_ifname: vmac?.name ?? '',
    ifp_ifname: vmac?.name ?? instance.interface,
    master_priority: heardPriority(shown),
    last_transition: Number(dumpedTime(wallMicroseconds(shown.since, snapshot))),
    garp_delay: wholeSeconds(garp.delayUs),
    garp_refresh: wholeSeconds(garp.refreshUs),
    garp_rep: garp.repeat,
    garp_refresh_rep: garp.refreshRepeat,
    garp_lower_prio_delay: wholeSeconds(garp.lowerPrioDelayUs),
    garp_lower_prio_rep: garp.lowerPrioRepeat,
    lower_prio_no_advert: Number(options.lowerPrioNoAdvert ?? false),
    higher_prio_send_advert: Number(options.higherPrioSendAdvert ?? false),
    vrid: shown.vrid,
    base_priority: shown.basePriority,
    effective_priority: shown.effectivePriority,
    vipset: shown.state === 'MASTER',
    promote_secondaries: options.promoteSecondaries ?? false,
    adver_int: shown.advertIntervalUs / 1_000_000,
    master_adver_int: shown.masterIntervalUs / 1_000_000,
    accept: Number(instance.accept),
    nopreempt: !shown.preempt,
    preempt_delay: wholeSeconds(shown.preemptDelayUs),
    state: STATE_NUMBER[shown.state],
    wantstate: STATE_NUMBER[shown.state === 'INIT' ? instance.initialState : shown.state],
    version: shown.version,
    smtp_alert: options.smtpAlert ?? false,
    notify_deleted: options.notifyDeleted ?? false,
  };
}

/** What is left out when there is none of it. */
function lists(instance: InstanceConfig, shown: InstanceSnapshot, { scripts }: NodeConfig) {
  const { notify } = instance;
  const commands = {
    script_backup: notify.backup,
    script_master: notify.master,
    script_fault: notify.fault,
    script_stop: notify.stop,
    script_deleted: notify.deleted,
    script: notify.any,
    script_master_rx_lower_pri: notify.masterRxLowerPri,
  };
  const tracked = instance.trackScripts.flatMap(({ name }) => {
    const script = scripts.find((each) => each.name === name);
    return script === undefined ? [] : [dumpedCommand(script.command)];
  });
  const arrays = {
    vips: instance.addresses.map((vip) => dumpedAddress(vip, instance, shown)),
    evips: instance.excluded.map((vip) => dumpedAddress(vip, instance, shown)),
    vroutes: shown.policy.filter(({ kind }) => kind === 'route').map(({ text }) => text),
    vrules: shown.policy.filter(({ kind }) => kind === 'rule').map(({ text }) => text),
    track_ifp: instance.trackInterfaces.map(({ name }) => name),
    track_script: tracked,
    track_process: (instance.trackProcesses ?? []).map(({ name }) => name),
  };
  const told = Object.entries(commands).flatMap(([key, command]) =>
    command === undefined ? [] : [[key, dumpedCommand(command)] as const],
  );
  const filled = Object.entries(arrays).filter(([, values]) => values.length > 0);
  return Object.fromEntries<string | readonly string[]>([...told, ...filled]);
}

function authentication({ password, ah }: InstanceConfig) {
  if (password === undefined) return { auth_type: 0 };
  return { auth_type: ah ? 2 : 1, auth_data: MASK };
}

function wholeSeconds(microseconds: number): number {
  return Math.floor(microseconds / 1_000_000);
}
