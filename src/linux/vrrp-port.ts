// VrrpPort on real interfaces: a socket per interface and family, and one more to hear AH, by either of two adapters.
import { done, type PortResult } from '../ports/result.ts';
import type { Datagram, VrrpChannel, VrrpPort } from '../ports/vrrp-port.ts';
import { AH_PROTOCOL } from '../wire/ah.ts';
import { VRRP_PROTOCOL } from '../wire/vrrp.ts';
import { ENODEV } from './abi.ts';
import { createFloodGuard, type FloodGuard } from './flood-guard.ts';
import { failure } from './libc.ts';
import type { LinkTable } from './link-table.ts';
import type { Poller } from './poller.ts';
import type { OpenVrrpSocket, VrrpSocket } from './vrrp-socket.ts';
import { koffiVrrpSockets } from './vrrp-socket-koffi.ts';
import { rawVrrpSockets } from './vrrp-socket-raw.ts';

export type VrrpAdapter = 'raw-socket' | 'koffi';

export interface VrrpPortOptions {
  readonly poller: Poller;
  readonly table: LinkTable;
  /** Default: raw-socket where it was built, else koffi. */
  readonly adapter?: VrrpAdapter;
}

export interface LinuxVrrpPort extends VrrpPort {
  readonly adapter: VrrpAdapter;
  /** Which VRIDs are ours: in a flood of what can be no advert for them that is left unread. Replaces what was said before. */
  expect(routers: readonly ExpectedRouter[]): void;
  onFlood(listener: (channel: Pick<VrrpChannel, 'interface' | 'family'>) => void): void;
  /** Datagrams that the kernel dropped since a channel was opened, because more came than are read. */
  dropped(): readonly (Pick<VrrpChannel, 'interface' | 'family'> & { readonly count: number })[];
  closeAll(): void;
}

export interface ExpectedRouter extends Pick<VrrpChannel, 'interface' | 'family'> {
  readonly vrid: number;
}

interface OpenChannel {
  readonly channel: Pick<VrrpChannel, 'interface' | 'family'>;
  readonly index: number;
  readonly socket: VrrpSocket;
  readonly guard: FloodGuard;
}

/** No device: the kernel's routes decide. */
const ANY = { name: '', index: 0 };

const keyOf = (channel: Pick<VrrpChannel, 'interface' | 'family'>): string => `${channel.interface}/${channel.family}`;

/** Whoever makes its own IP header may send any protocol: the second socket only hears. */
function together(plain: VrrpSocket, second: VrrpSocket): VrrpSocket {
  return {
    send: plain.send,
    sieve: plain.sieve,
    dropped: () => plain.dropped() + second.dropped(),
    close: () => {
      plain.close();
      second.close();
    },
  };
}

/** Needs CAP_NET_RAW; without it `open` fails with EPERM. Throws when the adapter that was asked for is not there. */
export function createVrrpPort({ poller, table, adapter }: VrrpPortOptions): LinuxVrrpPort {
  const raw: OpenVrrpSocket | undefined = adapter === 'koffi' ? undefined : rawVrrpSockets(poller);
  if (adapter === 'raw-socket' && raw === undefined) throw new Error('raw-socket is not installed');
  return {
    adapter: raw === undefined ? 'koffi' : 'raw-socket',
    ...createChannels(table, raw ?? koffiVrrpSockets(poller)),
  };
}

/** The port over any kind of sockets. */
export function createChannels(table: LinkTable, openSocket: OpenVrrpSocket): Omit<LinuxVrrpPort, 'adapter'> {
  const channels = new Map<string, OpenChannel>();
  const datagramListeners: Parameters<VrrpPort['onDatagram']>[0][] = [];
  const failureListeners: Parameters<VrrpPort['onFailure']>[0][] = [];
  const floodListeners: Parameters<LinuxVrrpPort['onFlood']>[0][] = [];
  let expected = new Map<string, ReadonlySet<number>>();

  function shut({ socket, guard }: OpenChannel): void {
    guard.close();
    socket.close();
  }

  function fail(open: OpenChannel, message: string): void {
    const key = keyOf(open.channel);
    if (channels.get(key) !== open) return;
    channels.delete(key);
    shut(open);
    for (const listener of failureListeners) listener(open.channel, message);
  }

  // No socket says that its interface was deleted: it would stay deaf, also when the name comes back.
  table.onChange((name, link) => {
    for (const open of [...channels.values()]) {
      if (open.channel.interface === name && open.index !== link?.index) fail(open, `${name} was removed`);
    }
  });

  function open(channel: VrrpChannel): PortResult {
    const { interface: name, family, groups, ah } = channel;
    const link = name === '' ? ANY : table.find(name);
    if (link === undefined) return failure(ENODEV, `cannot open a VRRP socket on ${name}`);
    let entry: OpenChannel | undefined;
    const options = {
      link,
      family,
      groups,
      onDatagram: (datagram: Datagram) => {
        entry?.guard.heard(datagram);
        for (const listener of datagramListeners) listener(datagram);
      },
      onBroken: (message: string) => {
        if (entry !== undefined) fail(entry, message);
      },
    };
    const plain = openSocket({ ...options, protocol: VRRP_PROTOCOL });
    if ('ok' in plain) return plain;
    const second = ah ? openSocket({ ...options, protocol: AH_PROTOCOL }) : undefined;
    if (second !== undefined && 'ok' in second) {
      plain.close();
      return second;
    }
    const socket = second === undefined ? plain : together(plain, second);
    close(channel);
    const guard = createFloodGuard({
      expected: () => expected.get(keyOf(channel)),
      sieve: socket.sieve,
      onFlood: () => {
        for (const listener of floodListeners) listener({ interface: name, family });
      },
    });
    entry = { channel: { interface: name, family }, index: link.index, socket, guard };
    channels.set(keyOf(channel), entry);
    return done;
  }

  function close(channel: Pick<VrrpChannel, 'interface' | 'family'>): void {
    const open = channels.get(keyOf(channel));
    channels.delete(keyOf(channel));
    if (open !== undefined) shut(open);
  }

  return {
    open,
    close,
    send: (datagram) => {
      const channel = channels.get(keyOf(datagram));
      if (channel !== undefined) return channel.socket.send(datagram);
      return { ok: false, code: 'ENOTCONN', message: `no VRRP socket is open on ${datagram.interface}` };
    },
    onDatagram: (listener) => void datagramListeners.push(listener),
    onFailure: (listener) => void failureListeners.push(listener),
    expect: (routers) => {
      const next = new Map<string, Set<number>>();
      for (const router of routers) {
        const vrids = next.get(keyOf(router)) ?? new Set();
        next.set(keyOf(router), vrids.add(router.vrid));
      }
      expected = next;
      for (const { guard } of channels.values()) guard.expectedChanged();
    },
    onFlood: (listener) => void floodListeners.push(listener),
    dropped: () => [...channels.values()].map(({ channel, socket }) => ({ ...channel, count: socket.dropped() })),
    closeAll: () => {
      for (const { channel } of [...channels.values()]) close(channel);
    },
  };
}
