// FRR's zebra and vrrpd in a host of a lab, with the macvlan interface that vrrpd wants for each virtual router.
import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kill, run, until } from './host.ts';
import type { Host, Lab } from './lab.ts';
import { findProgram } from './require-root.ts';
import { type Variant, VRID, virtualAddresses } from './router-config.ts';

export interface FrrRouter {
  log(): string;
  /** SIGTERM to vrrpd: it resigns. */
  terminate(): Promise<void>;
  /** SIGKILL to both daemons. */
  crash(): Promise<void>;
}

export interface FrrOptions extends Pick<Variant, 'family' | 'interval'> {
  readonly priority: number;
}

/** Starts a v3 virtual router of FRR. */
export async function startFrr(lab: Lab, number: number, options: FrrOptions): Promise<FrrRouter> {
  const host = lab.host(number);
  await addMacvlan(lab, host, options);
  const directory = join(host.directory, 'frr');
  const [user, group] = await frrIds();
  for (const folder of [directory, join(directory, 'vty')]) {
    mkdirSync(folder);
    chownSync(folder, user, group);
  }
  const own = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    chownSync(path, user, group);
    return path;
  };
  const logFile = own('log', '');
  const empty = own('empty.conf', '');
  const config = own('vrrpd.conf', vrrpdConfig(options));
  const socket = join(directory, 'zserv.api');
  const daemon = (name: string, file: string) => {
    const common = ['-u', 'frr', '-g', 'frr', '--vty_socket', join(directory, 'vty'), '-z', socket, '-P', '0'];
    const log = ['--log', 'stdout', '--log-level', 'informational', '-i', join(directory, `${name}.pid`)];
    const out = openSync(logFile, 'a');
    const child = spawn('ip', ['netns', 'exec', host.namespace, findProgram(name)!, ...common, ...log, '-f', file], {
      stdio: ['ignore', out, out],
      cwd: directory,
    });
    closeSync(out);
    lab.spawned.add(child.pid!);
    return child;
  };
  const zebra = daemon('zebra', empty);
  await until('zebra listens', 5000, () => existsSync(socket));
  const vrrpd = daemon('vrrpd', config);
  return {
    log: () => readFileSync(logFile, 'utf8'),
    terminate: async () => {
      await end(vrrpd, 'SIGTERM');
      await end(zebra, 'SIGTERM');
    },
    crash: async () => {
      await Promise.all([end(vrrpd, 'SIGKILL'), end(zebra, 'SIGKILL')]);
    },
  };
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  kill(child.pid!, signal);
  return exited;
}

function vrrpdConfig({ family, priority, interval }: FrrOptions): string {
  const word = family === 4 ? 'ip' : 'ipv6';
  return `frr defaults traditional
hostname frr
!
interface eth0
 vrrp ${VRID} version 3
 vrrp ${VRID} priority ${priority}
 vrrp ${VRID} advertisement-interval ${Math.round(interval * 1000)}
${virtualAddresses(family)
  .map((address) => ` vrrp ${VRID} ${word} ${address}`)
  .join('\n')}
exit
!
`;
}

/** The addresses are on the macvlan all the time: FRR takes the link up and down (protodown) by its state. */
async function addMacvlan(lab: Lab, host: Host, { family }: FrrOptions): Promise<void> {
  const name = `vrrp${family}-0-${VRID}`;
  const mac = `00:00:5e:00:0${family === 4 ? 1 : 2}:${VRID.toString(16).padStart(2, '0')}`;
  await lab.ip(host.number, 'link', 'add', name, 'link', host.interface, 'type', 'macvlan', 'mode', 'bridge');
  await lab.ip(host.number, 'link', 'set', 'dev', name, 'address', mac);
  for (const address of virtualAddresses(family)) {
    const prefix = family === 4 ? '32' : address.startsWith('fe80') ? '64' : '128';
    await lab.ip(host.number, 'address', 'add', `${address}/${prefix}`, 'dev', name);
  }
  await lab.ip(host.number, 'link', 'set', 'dev', name, 'up');
}

async function frrIds(): Promise<[number, number]> {
  const [user, group] = await Promise.all([run('id', ['-u', 'frr']), run('id', ['-g', 'frr'])]);
  return [Number(user), Number(group)];
}
