// Who handed an advert of priority 0 to its socket, and when. On the wire it may not show: a unicast peer may be gone.
import type { World } from '../../src/ports/world.ts';
import { decodeVrrp } from '../../src/wire/decode-vrrp.ts';

export interface Resignations {
  decorate(world: World, router: string): World;
  /** Last time (µs) at which a router resigned from a VRID while it still had its VIPs. */
  last(router: string, vrid: number): number | undefined;
}

export function createResignations(): Resignations {
  const last = new Map<string, number>();
  return {
    last: (router, vrid) => last.get(`${router} ${vrid}`),
    decorate: (world, router) => ({
      ...world,
      vrrp: {
        ...world.vrrp,
        send: (datagram) => {
          const advert = decodeVrrp(datagram.payload, datagram);
          if (advert.ok && advert.value.priority === 0) {
            const held = world.network.links().flatMap((link) => link.addresses.map(({ address }) => address));
            const { vrid, addresses } = advert.value;
            if (addresses.every((vip) => held.includes(vip))) last.set(`${router} ${vrid}`, world.clock.now());
          }
          return world.vrrp.send(datagram);
        },
      },
    }),
  };
}
