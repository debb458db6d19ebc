// The only executor of effects: each one through its port, in order. What a port refuses comes back as events.
import type { EngineEffect, EngineEvent } from '../engine/event.ts';
import type { EventRecord } from '../engine/record.ts';
import type { World } from '../ports/world.ts';
import type { IpAddress } from '../wire/address.ts';
import { encodeAdvert } from '../wire/encode-vrrp.ts';
import { type HmacSequence, nextHmacSequence, signAdvert } from '../wire/hmac.ts';
import { VRRP_TTL } from '../wire/vrrp.ts';

/** auth_hmac: the last number of each instance, for each advert has to have a greater one. */
export type Signatures = Map<string, HmacSequence>;

/** Performs one effect; returns what it led to. */
export function perform(
  world: World,
  effect: EngineEffect,
  onRecord?: (record: EventRecord) => void,
  signatures: Signatures = new Map(),
): readonly EngineEvent[] {
  switch (effect.kind) {
    case 'openChannel': {
      const { interface: name, family } = effect.channel;
      const result = world.vrrp.open(effect.channel);
      if (result.ok) return [{ kind: 'channelOpened', interface: name, family }];
      return [{ kind: 'channelFailed', interface: name, family, message: result.message }];
    }
    case 'closeChannel':
      world.vrrp.close(effect);
      return [];
    case 'sendAdvert':
      return sendAdvert(world, effect, signatures);
    case 'addAddresses': {
      const results = world.network.addAddresses(effect.addresses);
      return results.flatMap((result, i) => {
        if (result.ok) return [];
        const { address } = effect.addresses[i]!;
        return [{ kind: 'addressFailed', instance: effect.instance, address, message: result.message } as const];
      });
    }
    case 'removeAddresses':
      // An address that will not go is visible on the screen; there is nothing better to do about it.
      world.network.removeAddresses(effect.addresses);
      return [];
    case 'createDevices': {
      const made = world.network.createDevices(effect.specs);
      return [{ kind: 'devicesMade', devices: effect.specs.map(({ name }, i) => ({ name, ...made[i]! })) }];
    }
    case 'removeDevices':
      world.network.removeDevices(effect.names);
      return [];
    case 'setSysctls': {
      const results = world.network.setSysctls(effect.settings);
      const problems = results.flatMap((result) => (result.ok ? [] : [result.message]));
      return problems.length === 0 ? [] : [{ kind: 'sysctlsSet', problems }];
    }
    case 'replaceFirewall':
      return replaceFirewall(world, effect);
    case 'addPolicy': {
      const results = world.routes.add(effect.entries);
      return results.flatMap((result, i) => {
        return result.ok ? [] : [{ kind: 'policyFailed', entry: effect.entries[i]!, message: result.message } as const];
      });
    }
    case 'removePolicy':
      world.routes.remove(effect.entries);
      return [];
    case 'announce':
      return announce(world, effect);
    case 'startScript':
      world.scripts.start(effect.run);
      return [];
    case 'signalScript':
      world.scripts.signal(effect.id, effect.signal);
      return [];
    case 'watchFiles':
      return world.files.watch(effect.paths).map((content) => ({ kind: 'fileChanged', content }) as const);
    case 'initialiseFile': {
      const result = world.files.initialise(effect.file);
      return result.ok ? [] : [{ kind: 'fileFailed', message: result.message }];
    }
    case 'watchProcesses':
      world.processes.watch(effect.patterns);
      return [];
    case 'openFifo': {
      const result = world.fifo?.open(effect.fifo);
      return result?.ok === false ? [{ kind: 'fifoFailed', message: result.message }] : [];
    }
    case 'closeFifo':
      world.fifo?.close(effect.path);
      return [];
    case 'notifyFifo':
      for (const path of effect.paths) world.fifo?.write(path, effect.line);
      return [];
    case 'record':
      onRecord?.(effect.record);
      return [];
  }
}

/** Each packet is signed by itself, so that every receiver sees numbers that grow. */
function sign(
  message: Uint8Array,
  { clock }: World,
  { instance, family, fields, source }: SendAdvert,
  destination: IpAddress,
  signatures: Signatures,
): Uint8Array {
  const { hmac, version, vrid } = fields;
  if (hmac === undefined) return message;
  const sequence = nextHmacSequence(clock.wallTime(clock.now()), signatures.get(instance) ?? 0n, hmac.windowSeconds);
  signatures.set(instance, sequence);
  return signAdvert(message, hmac, sequence, { family, version, vrid, source, destination });
}

type SendAdvert = Extract<EngineEffect, { kind: 'sendAdvert' }>;

function sendAdvert(world: World, effect: SendAdvert, signatures: Signatures): readonly EngineEvent[] {
  const { instance, interface: name, family, fields, source, destinations, ttl = VRRP_TTL } = effect;
  const { ahSequence: sequence, password } = fields;
  const ah = sequence !== undefined && password !== undefined && { ah: { sequence, password } };
  const failures: EngineEvent[] = [];
  for (const destination of destinations) {
    const message = encodeAdvert(fields, { family, source, destination });
    const payload = sign(message, world, effect, destination, signatures);
    const result = world.vrrp.send({ interface: name, family, source, destination, ttl, payload, ...ah });
    if (!result.ok) failures.push({ kind: 'sendFailed', instance, destination, message: result.message });
  }
  return failures;
}

function replaceFirewall(
  { firewall }: World,
  { rules, table, wait }: Extract<EngineEffect, { kind: 'replaceFirewall' }>,
): readonly EngineEvent[] {
  if (firewall === undefined) {
    const result = { ok: false, code: 'ENOSYS', message: 'this world has no firewall' } as const;
    return rules === undefined ? [] : [{ kind: 'firewallReplaced', result }];
  }
  if (wait) return [{ kind: 'firewallReplaced', result: firewall.replace(rules, table) }];
  firewall.replaceSoon(rules, table);
  return [];
}

/** The first that fails tells enough. */
function announce(world: World, effect: Extract<EngineEffect, { kind: 'announce' }>): readonly EngineEvent[] {
  const { instance, announcements } = effect;
  for (const [i, result] of world.network.announce(announcements).entries()) {
    if (!result.ok)
      return [{ kind: 'announceFailed', instance, address: announcements[i]!.address, message: result.message }];
  }
  return [];
}
