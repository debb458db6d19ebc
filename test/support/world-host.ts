// A program that holds the ports of one network namespace and is driven by JSON lines: the process under test of test/ports.
import { createInterface } from 'node:readline';
import { AF_PACKET, ETH_P_ALL, SOCK_CLOEXEC, SOCK_RAW } from '../../src/linux/abi.ts';
import { libc } from '../../src/linux/libc.ts';
import { claimNamespace, findOtherRouters } from '../../src/linux/namespace-lock.ts';
import { missingPrivileges } from '../../src/linux/privileges.ts';
import { sockaddrLl } from '../../src/linux/socket-address.ts';
import type { VrrpAdapter } from '../../src/linux/vrrp-port.ts';
import { createLinuxWorld } from '../../src/linux/world.ts';

const adapter = process.argv[2] as VrrpAdapter | undefined;
const world = createLinuxWorld(adapter === undefined ? {} : { adapter });

/** Bytes travel as `{hex: ...}`. */
function write(message: object): void {
  const text = JSON.stringify(message, (_, value) =>
    value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value,
  );
  process.stdout.write(`${text}\n`);
}

function revive(_: string, value: { readonly hex?: unknown }): unknown {
  return typeof value?.hex === 'string' ? Uint8Array.from(Buffer.from(value.hex, 'hex')) : value;
}

world.vrrp.onDatagram((datagram) => write({ event: 'datagram', value: { ...datagram, at: world.clock.now() } }));
world.vrrp.onFailure((channel, message) => write({ event: 'failure', value: { channel, message } }));
world.network.onLinkChange((name, link) => write({ event: 'link', value: { name, link } }));
world.scripts.onExit((exit) => write({ event: 'exit', value: exit }));
world.routes.onRemoved((entry) => write({ event: 'removed', value: entry }));
// What the kernel itself says of the groups that were joined comes at any time: it is left out.
world.capture.onFrame((frame) => isMembershipReport(frame.bytes) || write({ event: 'frame', value: frame }));

const { vrrp, network, scripts, capture, routes } = world;
const ports = { vrrp, network, scripts, capture, routes };
const own: Record<string, (...args: never[]) => unknown> = {
  now: () => world.clock.now(),
  /** Leaves as `kavtui` does: by process.exit with everything still open. */
  exit: () => process.exit(0),
  /** Needs node --expose-gc. */
  collectGarbage: () => globalThis.gc?.(),
  /** The longest time (µs) that the event loop did not come back within `ms`. */
  longestStall: async (ms: number) => {
    let longest = 0;
    const end = world.clock.now() + ms * 1000;
    for (let last = world.clock.now(); last < end; ) {
      await new Promise((resolve) => setImmediate(resolve));
      const now = world.clock.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return longest;
  },
  /** Keeps the event loop from running. */
  block: (ms: number) => {
    const end = world.clock.now() + ms * 1000;
    while (world.clock.now() < end);
  },
  /** Sends a whole Ethernet frame `count` times. */
  sendFrame: (name: string, bytes: Uint8Array, count: number) => {
    const fd = libc().socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    const index = world.network.links().find((link) => link.name === name)!.index;
    for (let i = 0; i < count; i++) libc().sendto(fd, bytes, 0, sockaddrLl(index, ETH_P_ALL, bytes.subarray(0, 6)));
    libc().close(fd);
  },
  adapter: () => world.vrrp.adapter,
  claimNamespace: (takeOver?: boolean) => claimNamespace(takeOver),
  findOtherRouters: () => findOtherRouters(),
  missingPrivileges: () => missingPrivileges(),
  /** How many µs a burst of addresses takes. */
  time: (call: string, ...args: unknown[]) => {
    const start = world.clock.now();
    const result = callPort(call, args);
    return { us: world.clock.now() - start, result };
  },
};

function callPort(call: string, args: readonly unknown[]): unknown {
  const [port, method] = call.split('.') as [keyof typeof ports, string];
  return (ports[port] as unknown as Record<string, (...all: unknown[]) => unknown>)[method]?.(...args);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, call, args } = JSON.parse(line, revive) as { id: number; call: string; args: never[] };
  const result = await (call in own ? own[call]?.(...args) : callPort(call, args));
  write({ id, result: result ?? null });
}
world.close();

/** IGMP, or IPv6 with hop-by-hop options, as MLD has them. */
function isMembershipReport(bytes: Uint8Array): boolean {
  return (bytes[12] === 0x08 && bytes[13] === 0x00 && bytes[23] === 2) || (bytes[12] === 0x86 && bytes[20] === 0);
}
