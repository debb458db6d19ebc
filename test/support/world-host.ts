// A program that holds the ports of one network namespace and is driven by JSON lines: the process under test of test/ports.
import { createInterface } from 'node:readline';
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
world.capture.onFrame((frame) => write({ event: 'frame', value: frame }));

const ports = { vrrp: world.vrrp, network: world.network, scripts: world.scripts, capture: world.capture };
const own: Record<string, (...args: never[]) => unknown> = {
  now: () => world.clock.now(),
  /** Leaves as `kavtui` does: by process.exit with everything still open. */
  exit: () => process.exit(0),
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
  const result = call in own ? own[call]?.(...args) : callPort(call, args);
  write({ id, result: result ?? null });
}
world.close();
