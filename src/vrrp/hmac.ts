// auth_hmac: is the trailer of an advert there, good, and newer than the last one of its sender (keepalived since 2.4)?
import { decodeHmacTrailer, HMAC_TRAILER_LENGTH, isHmacGenuine, secondsOf } from '../wire/hmac.ts';
import type { VrrpPacket } from '../wire/vrrp.ts';
import type { HmacConfig, InstanceConfig } from './config.ts';
import type { RejectReason } from './reject.ts';
import type { Arrival } from './validate.ts';

/** Bytes of the trailer behind a message: none where the message is not longer than its addresses say. */
export function trailerLength({ hmac }: InstanceConfig, { length, expectedLength }: VrrpPacket): number {
  return hmac !== undefined && length === expectedLength + HMAC_TRAILER_LENGTH ? HMAC_TRAILER_LENGTH : 0;
}

/** Why an advert to an instance with auth_hmac is refused; undefined when it is not. */
export function hmacFailure(config: InstanceConfig, packet: VrrpPacket, arrival: Arrival): RejectReason | undefined {
  const { hmac } = config;
  if (hmac === undefined) return undefined;
  const { payload, source, lastHmac } = arrival;
  if (trailerLength(config, packet) === 0 || payload === undefined) {
    return hmac.mode === 'enforce' ? 'hmac-missing' : undefined;
  }
  const trailer = decodeHmacTrailer(payload);
  if (!trailer.wellFormed) return 'hmac-malformed';
  if (isStale(hmac, trailer.seconds, arrival.wallTime)) return 'hmac-stale';
  const key = hmac.keys.find(({ id }) => id === trailer.keyId);
  if (key === undefined) return 'hmac-unknown-key';
  const { family, version, vrid } = config;
  if (!isHmacGenuine(payload, keyBytes(key.hex), { family, version, vrid, source })) return 'hmac-wrong';
  // One outside the window only refuses what the window refuses anyway: after a step of its clock its sender is heard.
  if (lastHmac === undefined || isStale(hmac, secondsOf(lastHmac), arrival.wallTime)) return undefined;
  return trailer.sequence <= lastHmac ? 'hmac-replay' : undefined;
}

/** The clocks of both may differ by the window, no more. */
function isStale(hmac: HmacConfig, seconds: number, wallTime: number | undefined): boolean {
  if (hmac.antiReplay !== 'time' || wallTime === undefined) return false;
  return Math.abs(Math.floor(wallTime / 1000) - seconds) > hmac.windowSeconds;
}

/** Hexadecimal digits as bytes. */
export function keyBytes(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
