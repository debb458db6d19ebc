// What the lines of one vrrp_instance said, before anything is completed.
import type { Command, TrackWeight } from '../vrrp/config.ts';
import type { Family, IpAddress } from '../wire/address.ts';
import type { AddressLine } from './addresses.ts';
import type { GarpSettings } from './garp.ts';
import type { Word } from './words.ts';

/** A value and the word it came from, for findings that only completion can make. */
export interface Written<T> {
  readonly value: T;
  readonly at: Word;
}

export interface InstanceDraft {
  readonly name: Word;
  interface?: Word;
  /** A line `interface` was there, good or not. */
  interfaceWritten: boolean;
  /** Set by the first address that is read; all others have to agree. */
  family?: Family;
  vrid?: Written<number>;
  vridWritten: boolean;
  priority?: number;
  state?: Written<'MASTER' | 'BACKUP'>;
  version?: 2 | 3;
  advertInterval?: Written<number>;
  nopreempt?: Word;
  preemptDelay?: Written<number>;
  accept: boolean;
  source?: IpAddress;
  /** The first keyword that asks for unicast. */
  unicast?: Word;
  readonly peers: IpAddress[];
  readonly addresses: AddressLine[];
  readonly excluded: AddressLine[];
  authType?: Written<'PASS' | 'AH'>;
  authPass?: Written<string>;
  readonly trackScripts: TrackWeight[];
  readonly trackInterfaces: Written<TrackWeight>[];
  readonly garp: GarpSettings;
  readonly notify: { master?: Command; backup?: Command; fault?: Command; stop?: Command; any?: Command };
}

/** A draft of which only the name is known. */
export function newDraft(name: Word): InstanceDraft {
  return {
    name,
    interfaceWritten: false,
    vridWritten: false,
    accept: true,
    peers: [],
    addresses: [],
    excluded: [],
    trackScripts: [],
    trackInterfaces: [],
    garp: {},
    notify: {},
  };
}
