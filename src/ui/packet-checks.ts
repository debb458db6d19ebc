// A packet beside our own configuration: whose it is, and where it differs.
import type { InstanceSnapshot } from '../engine/snapshot.ts';
import type { Packet } from '../session/messages.ts';
import { interval } from './format.ts';

export interface PacketCheck {
  readonly ok: boolean;
  readonly text: string;
  /** One word for the list; only where it is not ok. */
  readonly mark?: string;
}

export const isAdvert = ({ protocol }: Packet): boolean => protocol === 'vrrp' || protocol === 'ah';

/** The instance that an advert speaks to; undefined: no instance here has this VRID on this interface. */
export function instanceOf(packet: Packet, instances: readonly InstanceSnapshot[]): InstanceSnapshot | undefined {
  const family = packet.source.includes(':') ? 6 : 4;
  return instances.find(
    (each) => each.vrid === packet.vrid && each.family === family && each.interface === packet.interface,
  );
}

/** Of an advert that was received; of any other packet nothing. Marks: ALIEN VER VIPS INTERVAL OWNER. */
export function packetChecks(packet: Packet, instances: readonly InstanceSnapshot[]): readonly PacketCheck[] {
  if (!isAdvert(packet) || packet.direction === 'sent') return [];
  const instance = instanceOf(packet, instances);
  if (instance === undefined) {
    return [{ ok: false, mark: 'ALIEN', text: `no instance here has VRID ${packet.vrid} on ${packet.interface}` }];
  }
  const known = !instance.unicast || instance.destinations.includes(packet.source);
  const ours = instance.addresses.filter(({ excluded }) => !excluded).map(({ address }) => address);
  const missing = ours.filter((address) => !packet.addresses.includes(address));
  const surplus = packet.addresses.filter((address) => !ours.includes(address));
  const differ = [...missing.map((each) => `-${each}`), ...surplus.map((each) => `+${each}`)];
  return [
    known
      ? { ok: true, text: `for ${instance.name}` }
      : { ok: false, mark: 'ALIEN', text: `${packet.source} is no unicast peer of ${instance.name}` },
    packet.version === instance.version
      ? { ok: true, text: `version ${instance.version} = ours` }
      : { ok: false, mark: 'VER', text: `version ${packet.version}, ours is ${instance.version}` },
    packet.intervalUs === instance.advertIntervalUs
      ? { ok: true, text: 'interval = ours' }
      : {
          ok: false,
          mark: 'INTERVAL',
          text: `interval ${interval(packet.intervalUs)}, ours is ${interval(instance.advertIntervalUs)}`,
        },
    differ.length === 0
      ? { ok: true, text: 'VIP list = ours' }
      : { ok: false, mark: 'VIPS', text: `VIP list differs: ${differ.join(' ')}` },
  ];
}
