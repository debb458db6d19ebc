// Faults as data: what goes wrong on the simulated LAN, where, from when until when.

interface Span {
  /** µs on the cluster's clock: the fault holds from `at` (included) to `until` (excluded). */
  readonly at: number;
  readonly until: number;
}

/** One direction of traffic, by host names; absent: any. */
interface Direction {
  readonly from?: string;
  readonly to?: string;
}

/** What happens to frames. `rate` is a probability, 0 to 1. */
export type LanFault = Span &
  (
    | ({ readonly kind: 'drop'; readonly rate: number } & Direction)
    /** All frames come later, in order. */
    | ({ readonly kind: 'delay'; readonly byUs: number } & Direction)
    | ({ readonly kind: 'duplicate'; readonly rate: number } & Direction)
    /** A frame is held back for up to `byUs`, so that later ones overtake it. */
    | ({ readonly kind: 'reorder'; readonly rate: number; readonly byUs: number } & Direction)
    /** Hosts of different groups do not hear each other; a host in no group hears nobody. */
    | { readonly kind: 'partition'; readonly groups: readonly (readonly string[])[] }
  );

/** What happens to a host. At `until` it is mended: started again, continued, plugged in. */
export type HostFault = Span &
  /** `process`: killed without a farewell, its addresses stay. `power`: the whole machine is gone, and its addresses. */
  (
    | { readonly kind: 'crash'; readonly host: string; readonly how: 'process' | 'power' }
    /** SIGTERM: a clean stop. */
    | { readonly kind: 'stop'; readonly host: string }
    /** SIGSTOP to SIGCONT: its clock stalls. */
    | { readonly kind: 'stall'; readonly host: string }
    | { readonly kind: 'link-down'; readonly host: string; readonly interface: string }
    /** The script (key of the host's script table) exits 1. */
    | { readonly kind: 'script-fail'; readonly host: string; readonly script: string }
  );

export type Fault = LanFault | HostFault;

const LAN_KINDS: ReadonlySet<Fault['kind']> = new Set(['drop', 'delay', 'duplicate', 'reorder', 'partition']);

export function isLanFault(fault: Fault): fault is LanFault {
  return LAN_KINDS.has(fault.kind);
}

/** The moment from which no fault of the plan holds and no frame is on its way that one of them delayed (µs). */
export function healedAt(plan: readonly Fault[]): number {
  return plan.reduce((latest, fault) => {
    const late = fault.kind === 'delay' || fault.kind === 'reorder' ? fault.byUs : 0;
    return Math.max(latest, fault.until + late);
  }, 0);
}

/** One line for a person: `drop 30 % lb1 -> any`. */
export function describeFault(fault: Fault): string {
  const direction = 'from' in fault || 'to' in fault ? ` ${fault.from ?? 'any'} -> ${fault.to ?? 'any'}` : '';
  switch (fault.kind) {
    case 'drop':
    case 'duplicate':
      return `${fault.kind} ${Math.round(fault.rate * 100)} %${direction}`;
    case 'delay':
      return `delay ${fault.byUs / 1000} ms${direction}`;
    case 'reorder':
      return `reorder ${Math.round(fault.rate * 100)} % by up to ${fault.byUs / 1000} ms${direction}`;
    case 'partition':
      return `partition ${fault.groups.map((group) => group.join('+')).join(' | ')}`;
    case 'crash':
      return `crash ${fault.host} (${fault.how})`;
    case 'link-down':
      return `link down ${fault.host} ${fault.interface}`;
    case 'script-fail':
      return `script fails ${fault.host} ${fault.script}`;
    case 'stop':
    case 'stall':
      return `${fault.kind} ${fault.host}`;
  }
}
