// A world for rehearsals: the code of the real ports up to the kernel, which refuses all of it, because there is no such
// interface. Nothing is sent or changed; the clock goes when it is told.
import type { Link } from '../ports/network-port.ts';
import { done } from '../ports/result.ts';
import type { Datagram } from '../ports/vrrp-port.ts';
import type { World } from '../ports/world.ts';
import { encodeIpv4 } from '../wire/ipv4.ts';
import { AF_INET, SOCK_CLOEXEC, SOCK_RAW } from './abi.ts';
import { libc } from './libc.ts';
import { createMessageBuffer } from './message-buffer.ts';
import { createNetworkPort } from './network-port.ts';
import { createChannels } from './vrrp-port.ts';
import { ipv4Datagram, RECEIVE_LENGTH, sender } from './vrrp-socket.ts';

/** A socket of this protocol hears nothing. */
const IPPROTO_RAW = 255;
/** The kernel refuses to send there, once it has looked for the route. */
const BROADCAST = '255.255.255.255';
/** No kernel gives an interface this number. */
const NO_INDEX = 0x7fff_ffff;

export const REHEARSAL_LINK: Link = {
  name: 'rehearsal',
  index: NO_INDEX,
  mac: '02:00:00:00:00:01',
  up: true,
  multicast: true,
  arp: true,
  mtu: 1500,
  addresses: [{ address: '192.0.2.1', prefix: 24, scope: 0, secondary: false, tentative: false }],
};

export interface RehearsalWorld extends World {
  /** Lets time pass, with the wake-ups that are due. */
  elapse(us: number): void;
  /** A VRRP message comes from 192.0.2.2. */
  receive(payload: Uint8Array): void;
  close(): void;
}

export function createRehearsalWorld(): RehearsalWorld {
  const table = { all: () => [REHEARSAL_LINK], find: () => REHEARSAL_LINK, onChange: () => {}, close: () => {} };
  const network = createNetworkPort(table);
  const fd = libc().socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  const buffer = createMessageBuffer(RECEIVE_LENGTH);
  const deaf = { sieve: () => {}, dropped: () => 0, close: () => {} };
  const vrrp = createChannels(table, (options) => ({ send: sender(fd, options, buffer), ...deaf }));
  const waiting = new Set<{ readonly at: number; readonly callback: () => void }>();
  let listener: (datagram: Datagram) => void = () => {};
  let now = 0;
  const nothing = (): void => {};
  return {
    clock: {
      now: () => now,
      wallTime: (at) => at / 1000,
      wakeAt(at, callback) {
        const wake = { at, callback };
        waiting.add(wake);
        return () => void waiting.delete(wake);
      },
    },
    vrrp: {
      open: vrrp.open,
      close: vrrp.close,
      send(datagram) {
        vrrp.send({ ...datagram, destination: BROADCAST });
        return done;
      },
      onDatagram(each) {
        listener = each;
      },
      onFailure: nothing,
    },
    network: {
      ...network,
      onLinkChange: nothing,
      addAddresses: (specs) => network.addAddresses(specs).map(() => done),
      removeAddresses: (specs) => network.removeAddresses(specs).map(() => done),
      announce: (announcements) => network.announce(announcements).map(() => done),
    },
    scripts: { start: nothing, signal: () => done, onExit: nothing },
    capture: { open: () => done, close: nothing, onFrame: nothing },
    files: { watch: () => [], onChange: nothing, initialise: () => done },
    processes: { watch: nothing, onCount: nothing },
    routes: { add: () => [], remove: () => [], onRemoved: nothing },
    elapse(us) {
      const end = now + us;
      for (;;) {
        const next = [...waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        waiting.delete(next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = end;
    },
    receive(payload) {
      const ip = { source: '192.0.2.2', destination: '224.0.0.18', ttl: 255, protocol: 112, tos: 0xc0, id: 1 };
      const datagram = ipv4Datagram(REHEARSAL_LINK.name, encodeIpv4({ ...ip, payload }));
      if (datagram !== undefined) listener({ ...datagram, at: now });
    },
    close() {
      network.close();
      libc().close(fd);
    },
  };
}
