// The VRRP port of a simulated process: datagrams of protocol 112 in Ethernet frames, filtered as the kernel does.

import { done } from '../ports/result.ts';
import type { Datagram, VrrpChannel, VrrpPort } from '../ports/vrrp-port.ts';
import { isMulticast } from '../wire/address.ts';
import { decodeAh } from '../wire/ah.ts';
import type { Frame } from '../wire/frame.ts';
import { datagramFrame } from './frames.ts';
import type { Nic } from './nic.ts';
import type { Refusals } from './refusals.ts';
import { noDevice } from './sim-network.ts';

type ChannelKey = Pick<VrrpChannel, 'interface' | 'family'>;

export interface SimVrrpPort extends VrrpPort {
  /** The host hands over a frame that came in. */
  frameArrived(nic: Nic, frame: Frame): void;
  /** Breaks an open channel, as the kernel does when the device goes away. */
  breakChannel(channel: ChannelKey, message: string): void;
}

/** A VRRP port without open channels over the interfaces of a host. */
export function createSimVrrp(nics: ReadonlyMap<string, Nic>, refusals: Refusals): SimVrrpPort {
  const channels = new Map<string, VrrpChannel>();
  const datagramListeners: ((datagram: Datagram) => void)[] = [];
  const failureListeners: ((channel: ChannelKey, message: string) => void)[] = [];

  return {
    open: (channel) => {
      if (!nics.has(channel.interface)) return noDevice(channel.interface);
      const refusal = refusals.get('vrrp-open');
      if (refusal !== undefined) return refusal;
      channels.set(keyOf(channel), channel);
      return done;
    },
    close: (channel) => {
      channels.delete(keyOf(channel));
    },
    send: (datagram) => {
      const nic = nics.get(datagram.interface);
      if (nic === undefined) return noDevice(datagram.interface);
      const refusal = refusals.get('vrrp-send');
      if (refusal !== undefined) return refusal;
      if (!nic.connected()) return { ok: false, code: 'ENETDOWN', message: `${nic.name} is down` };
      const mac = nic.resolve(datagram.destination);
      // The kernel took it; without an answer to its ARP request it drops it later.
      if (mac !== undefined) nic.transmit(datagramFrame(nic.mac, mac, datagram));
      return done;
    },
    onDatagram: (listener) => {
      datagramListeners.push(listener);
    },
    onFailure: (listener) => {
      failureListeners.push(listener);
    },
    frameArrived: (nic, frame) => {
      if (frame.kind !== 'vrrp' && frame.kind !== 'ah') return;
      const { family, source, destination, ttl } = frame.ip;
      const channel = channels.get(keyOf({ interface: nic.name, family }));
      if (channel === undefined || (frame.kind === 'ah' && !channel.ah)) return;
      if (isMulticast(destination) ? !channel.groups.includes(destination) : !nic.has(destination)) return;
      const content = contentOf(frame);
      if (content === undefined) return;
      const datagram = { interface: nic.name, family, source, destination, ttl, ...content };
      for (const listener of datagramListeners) listener(datagram);
    },
    breakChannel: (channel, message) => {
      if (!channels.delete(keyOf(channel))) return;
      for (const listener of failureListeners) listener(channel, message);
    },
  };
}

function contentOf({
  kind,
  ip,
}: Extract<Frame, { kind: 'vrrp' | 'ah' }>): Pick<Datagram, 'payload' | 'ah'> | undefined {
  if (kind === 'vrrp') return { payload: ip.payload };
  const decoded = decodeAh(ip.payload);
  if (!decoded.ok || ip.id === undefined) return undefined;
  const { payload, sequence } = decoded.value;
  return { payload, ah: { id: ip.id, sequence, bytes: ip.payload } };
}

function keyOf(channel: ChannelKey): string {
  return `${channel.interface} ${channel.family}`;
}
