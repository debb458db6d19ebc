// The capture port of a simulated host. It belongs to the host and not to one of its processes: a screen goes on
// to see frames while the router is paused or dead.
import type { CapturedFrame, CapturePort } from '../ports/capture-port.ts';
import type { Clock } from '../ports/clock.ts';
import { done } from '../ports/result.ts';
import type { Nic } from './nic.ts';
import type { Refusals } from './refusals.ts';
import { noDevice } from './sim-network.ts';

export interface SimCapturePort extends CapturePort {
  /** The host tells of a frame that passed an interface. */
  framePassed(nic: Nic, direction: 'sent' | 'received', frame: Uint8Array): void;
}

/** A capture port on which nothing is open. */
export function createSimCapture(clock: Clock, nics: ReadonlyMap<string, Nic>, refusals: Refusals): SimCapturePort {
  const open = new Set<string>();
  const listeners: ((frame: CapturedFrame) => void)[] = [];
  return {
    open: (name) => {
      if (!nics.has(name)) return noDevice(name);
      const refusal = refusals.get('capture-open');
      if (refusal !== undefined) return refusal;
      open.add(name);
      return done;
    },
    close: (name) => {
      open.delete(name);
    },
    onFrame: (listener) => {
      listeners.push(listener);
    },
    framePassed: (nic, direction, bytes) => {
      if (!open.has(nic.name)) return;
      for (const listener of listeners) listener({ interface: nic.name, direction, at: clock.now(), bytes });
    },
  };
}
