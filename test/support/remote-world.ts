// Runs world-host.ts inside a network namespace and talks to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { VrrpAdapter } from '../../src/linux/vrrp-port.ts';
import type { CapturedFrame } from '../../src/ports/capture-port.ts';
import type { Link } from '../../src/ports/network-port.ts';
import type { ScriptExit } from '../../src/ports/script-port.ts';
import type { Datagram, VrrpChannel } from '../../src/ports/vrrp-port.ts';
import type { PolicyEntry } from '../../src/wire/route.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let bundled: Promise<string> | undefined;

/**
 * Node runs no TypeScript by itself. The bundle lies where the packages are found, named after what is in it: workers of
 * the test runner may write it at the same time.
 */
function bundle(): Promise<string> {
  bundled ??= (async () => {
    const { outputFiles } = await build({
      entryPoints: [join(root, 'test', 'support', 'world-host.ts')],
      write: false,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      logLevel: 'error',
    });
    const { text } = outputFiles[0]!;
    const folder = join(root, 'node_modules', '.cache', 'kavtui-test');
    const file = join(folder, `world-host-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.mjs`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
    return file;
  })();
  return bundled;
}

export interface RemoteWorld {
  /** Calls `port.method` there and gives what it returned. */
  call<T>(method: string, ...args: readonly unknown[]): Promise<T>;
  readonly datagrams: (Datagram & { readonly at: number })[];
  readonly failures: { readonly channel: Pick<VrrpChannel, 'interface' | 'family'>; readonly message: string }[];
  readonly linkChanges: { readonly name: string; readonly link?: Link }[];
  readonly exits: ScriptExit[];
  readonly frames: CapturedFrame[];
  /** Routes and rules that others removed. */
  readonly removed: PolicyEntry[];
  /** What the process wrote that it should not have. */
  readonly stderr: () => string;
  readonly pid: number;
  /** Ends the process and waits for that; true when it went by itself within two seconds. */
  close(): Promise<boolean>;
}

export interface WorldOptions {
  readonly adapter?: VrrpAdapter | undefined;
  /** Words in front of `node`, to start it with other rights. */
  readonly wrapper?: readonly string[];
}

/** Starts the host in `namespace`. */
export async function startWorld(namespace: string, options: WorldOptions = {}): Promise<RemoteWorld> {
  const { adapter, wrapper = [] } = options;
  const program = [...wrapper, process.execPath, '--expose-gc', await bundle(), ...(adapter ? [adapter] : [])];
  const command = ['netns', 'exec', namespace, ...program];
  const child = spawn('ip', command, { stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting = new Map<number, (result: unknown) => void>();
  let stderr = '';
  let lastId = 0;
  const lists = { datagram: [], failure: [], link: [], exit: [], frame: [], removed: [] } as Record<string, unknown[]>;
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line, revive) as { id?: number; result?: unknown; event?: string; value?: unknown };
    if (message.event !== undefined) lists[message.event]?.push(message.value);
    else waiting.get(message.id!)?.(message.result);
  });
  const world: RemoteWorld = {
    call: <T>(method: string, ...args: readonly unknown[]) =>
      new Promise<T>((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, resolve as (result: unknown) => void);
        child.once('exit', () => reject(new Error(`the world in ${namespace} ended: ${stderr}`)));
        child.setMaxListeners(0);
        child.stdin.write(`${JSON.stringify({ id, call: method, args }, replace)}\n`);
      }),
    datagrams: lists.datagram as RemoteWorld['datagrams'],
    failures: lists.failure as RemoteWorld['failures'],
    linkChanges: lists.link as RemoteWorld['linkChanges'],
    exits: lists.exit as RemoteWorld['exits'],
    frames: lists.frame as RemoteWorld['frames'],
    removed: lists.removed as RemoteWorld['removed'],
    stderr: () => stderr,
    pid: child.pid!,
    close: () => close(child),
  };
  await world.call('now');
  return world;
}

function close(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(false);
    }, 2000);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(true);
    });
    child.stdin?.end();
  });
}

function replace(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value;
}

function revive(_: string, value: { readonly hex?: unknown } | null): unknown {
  return typeof value?.hex === 'string' ? Uint8Array.from(Buffer.from(value.hex, 'hex')) : value;
}
