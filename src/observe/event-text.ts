// What an observer tells, as a sentence for people.
import type { ObserverEvent } from './event.ts';

const ELECTED_BY = {
  first: 'heard first',
  'priority-0': 'the one before resigned',
  silence: 'the one before fell silent',
  preemption: 'it beats the one before',
  unheard: 'although a better one is alive: it does not hear or not accept that',
} as const;

const LEFT_BY = { 'priority-0': 'it resigned', silence: 'it is not heard any more', yielded: 'it yielded' } as const;

/** One sentence, without time and place; parts of it come from outside. */
export function eventText(event: ObserverEvent): string {
  switch (event.type) {
    case 'speaker':
      return `${event.address} (${event.mac}) speaks VRRPv${event.version}, priority ${event.priority}, interval ${time(event.intervalUs)}, for ${event.addresses.join(' ') || 'no address'}`;
    case 'master': {
      const { address, priority, cause, takeoverUs } = event;
      const after = takeoverUs === undefined ? '' : `, ${time(takeoverUs)} after its last advert`;
      return `${address} is MASTER (priority ${priority}), ${ELECTED_BY[cause]}${after}`;
    }
    case 'left':
      return `${event.address} is MASTER no more: ${LEFT_BY[event.cause]}${event.master === undefined ? '; there is none' : ''}`;
    case 'two-masters':
      return `two are MASTER at once: ${event.addresses.join(' and ')}`;
    case 'one-master':
      return `${event.address ?? 'none'} alone is MASTER again, after ${time(event.at - event.since)}`;
    case 'change':
      return `${event.address} changed its ${event.what} from ${event.from || 'none'} to ${event.to || 'none'}`;
    case 'near-miss':
      return `${event.address} was silent for ${time(event.gapUs)}; after ${time(event.masterDownUs)} a BACKUP takes over`;
    case 'refused':
      return `adverts of ${event.address} that no router accepts: ${event.reason}`;
    case 'owner':
      return `${event.vip} is at ${event.mac}${event.router === undefined ? '' : ` (${event.router})`}`;
    case 'other-protocol':
      return `${event.address} speaks ${event.protocol.toUpperCase()}, group ${event.group}${event.state === undefined ? '' : `, ${event.state}`}`;
    case 'querier':
      return `${event.address} asks for multicast listeners`;
    case 'finding': {
      const { id, severity, title, resolved } = event.finding;
      return resolved === undefined ? `${severity} ${id}: ${title}` : `resolved ${id}: ${title}`;
    }
  }
}

function time(us: number): string {
  return `${(us / 1_000_000).toFixed(3)} s`;
}
