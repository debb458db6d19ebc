// A simulated host: interfaces on a LAN, scripts, and at most one router process, which sees it all as a World.
import type { CapturePort } from '../ports/capture-port.ts';
import type { Clock } from '../ports/clock.ts';
import type { FifoPort } from '../ports/fifo-port.ts';
import type { FirewallPort, FirewallRules } from '../ports/firewall-port.ts';
import { done, type PortResult } from '../ports/result.ts';
import type { World } from '../ports/world.ts';
import type { Family, IpAddress } from '../wire/address.ts';
import type { Frame } from '../wire/frame.ts';
import type { InterfaceSpec, Nic } from './nic.ts';
import { createNic } from './nic.ts';
import type { RefusalPoint, Refusals } from './refusals.ts';
import type { ScriptTable } from './script-table.ts';
import type { Segment } from './segment.ts';
import { createSimCapture } from './sim-capture.ts';
import { createSimFiles, type SimFiles } from './sim-files.ts';
import type { SimDevices, SimNetworkPort } from './sim-network.ts';
import { createSimNetwork } from './sim-network.ts';
import type { SimProcess } from './sim-process.ts';
import { createSimProcess } from './sim-process.ts';
import { createSimProcesses, type SimProcesses } from './sim-processes.ts';
import { createSimRoutes, type SimRoutes } from './sim-routes.ts';
import { createSimScripts } from './sim-scripts.ts';
import type { SimVrrpPort } from './sim-vrrp.ts';
import { createSimVrrp } from './sim-vrrp.ts';

export interface HostOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly lan: Segment;
  readonly interfaces: readonly InterfaceSpec[];
  readonly scripts?: ScriptTable;
}

export interface Host {
  readonly name: string;
  readonly scripts: ScriptTable;
  /** Commands that exit 1 whatever the table says. */
  readonly brokenScripts: Set<string>;
  /** What was written to the FIFO of this path, oldest first; absent: it was never opened. */
  readonly fifos: ReadonlyMap<string, readonly string[]>;
  /** What track_file blocks read, and the programs that vrrp_track_process blocks count. */
  readonly files: Pick<SimFiles, 'read' | 'write'>;
  readonly programs: Pick<SimProcesses, 'run'>;
  /** The kernel's routes and rules. */
  readonly routes: Pick<SimRoutes, 'list' | 'remove'>;
  /** The router's own packet filter table; undefined while there is none. */
  firewall(): FirewallRules | undefined;
  /** For screens: works whether or not the process does. */
  readonly capture: CapturePort;
  /** Starts the router process: a fresh world, in which nothing is open. A process before it is killed. */
  boot(): World;
  process(): 'running' | 'paused' | 'dead';
  pause(): void;
  resume(): void;
  /** kill -9: no farewell, the addresses stay. */
  kill(): void;
  /** The machine loses its power: process and all addresses but its own are gone, the LAN does not see it. */
  powerOff(): void;
  powerOn(): void;
  plug(name: string, connected: boolean): void;
  /** An address comes or goes by the hand of another program. */
  addAddress(name: string, address: IpAddress, prefix: number): void;
  removeAddress(name: string, address: IpAddress): void;
  hasAddress(address: IpAddress): boolean;
  connected(name: string): boolean;
  macOf(name: string): string | undefined;
  /** MAC that this host believes to own an address; undefined when no announcement was heard. */
  neighbour(address: IpAddress): string | undefined;
  refuse(point: RefusalPoint, refusal: Extract<PortResult, { ok: false }>): void;
  allow(point: RefusalPoint): void;
  breakChannel(name: string, family: Family, message: string): void;
}

interface Running {
  readonly process: SimProcess;
  readonly network: SimNetworkPort;
  readonly vrrp: SimVrrpPort;
}

/** A host that is plugged in, with no process. */
export function createHost(options: HostOptions): Host {
  const { name, clock, lan, scripts = new Map() } = options;
  const nics = new Map<string, Nic>();
  const refusals: Refusals = new Map();
  const brokenScripts = new Set<string>();
  const capture = createSimCapture(clock, nics, refusals);
  const files = createSimFiles();
  const programs = createSimProcesses(clock);
  const routes = createSimRoutes(nics, refusals);
  const fifos = new Map<string, string[]>();
  const fifo: FifoPort = {
    open: ({ path }) => {
      if (!fifos.has(path)) fifos.set(path, []);
      return done;
    },
    close: () => {},
    write: (path, line) => void fifos.get(path)?.push(line),
  };
  let running: Running | undefined;
  let rules: FirewallRules | undefined;
  let lastIndex = options.interfaces.length + 1;

  const watcher = {
    changed: (nic: Nic) => {
      // What happens to a cable happens to the devices on it.
      for (const other of nics.values()) if (other.over === nic) watcher.changed(other);
      const link = nic.link();
      const { network, process } = running ?? {};
      // As from netlink: not within the call that made the change.
      clock.wakeAt(clock.now(), () => process?.deliver('input', () => network?.linkChanged(nic.name, link)));
    },
    passed: (nic: Nic, direction: 'sent' | 'received', bytes: Uint8Array) => capture.framePassed(nic, direction, bytes),
    received: (nic: Nic, frame: Frame) => {
      const { vrrp, process } = running ?? {};
      process?.deliver('input', () => vrrp?.frameArrived(nic, frame));
    },
  };
  options.interfaces.forEach((spec, i) => {
    nics.set(spec.name, createNic(spec, i + 2, name, lan, watcher));
  });
  const devices: SimDevices = {
    make: ({ name: device, base, mac }) => {
      const over = nicOf(base);
      const known = nics.get(device);
      if (known !== undefined) return known.over === over ? known : undefined;
      lastIndex += 1;
      const made = createNic(
        { name: device, mac: mac ?? over.mac, addresses: [] },
        lastIndex,
        name,
        lan,
        watcher,
        over,
      );
      nics.set(device, made);
      return made;
    },
    remove: (device) => {
      const nic = nics.get(device);
      if (nic?.over === undefined) return;
      nics.delete(device);
      lan.detach(nic);
      const { network, process } = running ?? {};
      clock.wakeAt(clock.now(), () => process?.deliver('input', () => network?.linkChanged(device, undefined)));
    },
  };
  const firewallOf = (): FirewallPort => {
    const replace: FirewallPort['replace'] = (wanted) => {
      const refusal = refusals.get('replace-firewall');
      if (refusal === undefined) rules = wanted;
      return refusal ?? done;
    };
    const listeners: ((result: PortResult) => void)[] = [];
    return {
      replace,
      replaceSoon: (wanted, table) => {
        const result = replace(wanted, table);
        const { process } = running ?? {};
        clock.wakeAt(clock.now(), () => {
          process?.deliver('input', () => listeners.forEach((listener) => void listener(result)));
        });
      },
      onReplaced: (listener) => void listeners.push(listener),
    };
  };
  const kill = () => {
    running?.process.kill();
    running = undefined;
  };
  const nicOf = (interfaceName: string) => {
    const nic = nics.get(interfaceName);
    if (nic === undefined) throw new Error(`${name} has no interface ${interfaceName}`);
    return nic;
  };
  return {
    name,
    scripts,
    brokenScripts,
    fifos,
    files,
    programs,
    routes,
    firewall: () => rules,
    capture,
    boot: () => {
      kill();
      const process = createSimProcess(clock);
      const network = createSimNetwork(nics, refusals, devices);
      const vrrp = createSimVrrp(nics, refusals);
      running = { process, network, vrrp };
      const scriptPort = createSimScripts({ clock, process, table: scripts, broken: brokenScripts });
      return {
        clock: process.clock,
        vrrp,
        network,
        scripts: scriptPort,
        capture,
        fifo,
        firewall: firewallOf(),
        files: files.attach(process),
        processes: programs.attach(process),
        routes: routes.attach(process),
      };
    },
    process: () => running?.process.state() ?? 'dead',
    pause: () => running?.process.pause(),
    resume: () => running?.process.resume(),
    kill,
    powerOff: () => {
      kill();
      routes.clear();
      rules = undefined;
      for (const nic of [...nics.values()]) if (nic.over !== undefined) devices.remove(nic.name);
      for (const spec of options.interfaces) {
        const nic = nicOf(spec.name);
        nic.plug(false);
        const own = spec.addresses.map(({ address }) => address);
        for (const { address } of nic.link().addresses) if (!own.includes(address)) nic.remove(address);
      }
    },
    powerOn: () => {
      for (const nic of nics.values()) nic.plug(true);
    },
    plug: (interfaceName, connected) => nicOf(interfaceName).plug(connected),
    addAddress: (interfaceName, address, prefix) => nicOf(interfaceName).add(address, prefix, 0),
    removeAddress: (interfaceName, address) => nicOf(interfaceName).remove(address),
    hasAddress: (address) => [...nics.values()].some((nic) => nic.has(address)),
    connected: (interfaceName) => nicOf(interfaceName).connected(),
    macOf: (interfaceName) => nics.get(interfaceName)?.mac,
    neighbour: (address) => {
      for (const nic of nics.values()) {
        const mac = nic.neighbours.get(address);
        if (mac !== undefined) return mac;
      }
      return undefined;
    },
    refuse: (point, refusal) => {
      refusals.set(point, refusal);
    },
    allow: (point) => {
      refusals.delete(point);
    },
    breakChannel: (interfaceName, family, message) =>
      running?.vrrp.breakChannel({ interface: interfaceName, family }, message),
  };
}
