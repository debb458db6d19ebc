// What passes between an engine and a screen: plain data, fit for a worker thread and, later, a socket.
import type { CommandResult, OperatorCommand } from '../engine/commands.ts';
import type { EventRecord } from '../engine/record.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import type { DumpKind } from '../observe/local-router.ts';
import type { PacketRecord } from '../observe/packet.ts';
import type { ReplayOrder } from './replay.ts';
import type { ListedFinding, WatchPicture } from './watch-picture.ts';

/** Facts about the session that do not change while it lasts. */
export interface SessionInfo {
  readonly command: 'run' | 'demo' | 'watch';
  readonly hostname: string;
  readonly version: string;
  readonly configFile: string;
  /** Keys that change things work from the start; else only while unlocked. */
  readonly operate: boolean;
  /** Who sits at the screen, for overrides and the audit log. */
  readonly operator?: string;
  readonly pid: number;
}

/** A row of the packet list with the frame that it describes. */
export type Packet = PacketRecord & {
  /** The whole frame as captured, from the Ethernet header on. */
  readonly bytes: Uint8Array;
};

/** Engine side → screen. Events and packets are what is new since the last update; gaps show in `seq`. */
export type ToScreen =
  | {
      readonly type: 'update';
      readonly snapshot: Snapshot;
      readonly events: readonly EventRecord[];
      readonly packets: readonly Packet[];
      /** Packets or events that were left out because the screen was too slow. */
      readonly dropped: number;
      /** p99 lateness of the engine's timer over the last 10 s, µs. */
      readonly lateness: number;
      /** Of a watch, which takes no part. */
      readonly watch?: WatchPicture;
      /** What is wrong, worst first; absent while it is as before, and where nobody looks. */
      readonly findings?: readonly ListedFinding[];
    }
  /** The routers that can be shown (one in `run`, three in `demo`), and which one is. A switch is followed by an update with all history. */
  | { readonly type: 'routers'; readonly names: readonly string[]; readonly shown: number }
  /** Whether changes are let through; `leftUs`: locked again after that time. */
  | { readonly type: 'mode'; readonly operate: boolean; readonly leftUs?: number }
  | { readonly type: 'answer'; readonly id: number; readonly result: CommandResult };

/** How a change came to be confirmed, for the audit log. */
export interface Confirmation {
  /** The forecast as it was shown. */
  readonly forecast: string;
  /** What was pressed or typed: `y`, the instance name, the name and `:force`. */
  readonly confirmed: string;
}

/** Screen → engine side. */
export type FromScreen =
  | {
      readonly type: 'command';
      readonly id: number;
      readonly command: OperatorCommand;
      readonly confirmation: Confirmation;
    }
  /** Let changes through for so long, µs. The screen has asked for the host's name. */
  | { readonly type: 'unlock'; readonly lastsUs: number }
  | { readonly type: 'lock' }
  /** The screen is about to be left in this way. */
  | { readonly type: 'leaving'; readonly how: string; readonly confirmed: string }
  | { readonly type: 'show-router'; readonly index: number }
  | { readonly type: 'replay'; readonly order: ReplayOrder }
  /** Asks the routers that run on this host for their dumps; of a watch. */
  | { readonly type: 'dump'; readonly kinds: readonly DumpKind[] };
