// The kernel's proc connector: which processes came, changed their name or program, or ended. It speaks in the first
// network namespace only, and to CAP_NET_ADMIN.
import {
  AF_NETLINK,
  EAGAIN,
  MSG_DONTWAIT,
  SO_RCVBUF,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from './abi.ts';
import { libc } from './libc.ts';
import { concat, decodeMessages, encodeMessage, NLMSG_DONE } from './netlink.ts';
import type { Poller } from './poller.ts';

const NETLINK_CONNECTOR = 11;
const CN_IDX_PROC = 1;
const CN_VAL_PROC = 1;
const PROC_CN_MCAST_LISTEN = 1;
const PROC_EVENT_NONE = 0;
const PROC_EVENT_FORK = 0x1;
const PROC_EVENT_EXEC = 0x2;
const PROC_EVENT_COMM = 0x200;
const PROC_EVENT_EXIT = 0x80000000;
/** struct cn_msg before its data; what, cpu and time before the data of a proc_event. */
const CONNECTOR = 20;
const EVENT = 16;
const RECEIVE_BUFFER = 1 << 20;

export interface ProcessEvents {
  /** The kernel has said that it will tell. */
  confirmed(): boolean;
  close(): void;
}

/** `changed`: this process is new or another one now, or gone; undefined: events were lost. Undefined when refused. */
export function listenToProcesses(
  poller: Poller,
  changed: (pid: number | undefined) => void,
): ProcessEvents | undefined {
  const c = libc();
  const fd = c.socket(AF_NETLINK, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_CONNECTOR);
  if (fd < 0) return undefined;
  c.setOption(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
  if (c.bind(fd, netlinkAddress(CN_IDX_PROC)) < 0 || c.sendto(fd, listenRequest(), 0, netlinkAddress(0)) < 0) {
    c.close(fd);
    return undefined;
  }
  const buffer = new Uint8Array(64 << 10);
  let confirmed = false;
  const read = (): void => {
    for (;;) {
      const length = c.recv(fd, buffer, MSG_DONTWAIT);
      if (length === EAGAIN || length === 0) return;
      if (length < 0) return changed(undefined);
      for (const { body } of decodeMessages(buffer.subarray(0, length))) {
        if (body.length < CONNECTOR + EVENT + 8) continue;
        const view = new DataView(body.buffer, body.byteOffset + CONNECTOR);
        const what = view.getUint32(0, true);
        if (what === PROC_EVENT_NONE) confirmed = view.getUint32(EVENT, true) === 0;
        const pid = processOf(what, view);
        if (pid !== undefined) changed(pid);
      }
    }
  };
  const watch = poller.watch(fd, read);
  return {
    confirmed: () => confirmed,
    close() {
      watch.close();
      c.close(fd);
    },
  };
}

/** The process an event is about; undefined for threads and for events that change nothing here. */
function processOf(what: number, view: DataView): number | undefined {
  const known = [PROC_EVENT_FORK, PROC_EVENT_EXEC, PROC_EVENT_COMM, PROC_EVENT_EXIT].includes(what);
  const at = EVENT + (what === PROC_EVENT_FORK ? 8 : 0);
  if (!known || view.byteLength < at + 8) return undefined;
  const [pid, group] = [view.getInt32(at, true), view.getInt32(at + 4, true)];
  return pid === group ? pid : undefined;
}

function netlinkAddress(groups: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint16(0, AF_NETLINK, true);
  view.setUint32(8, groups, true);
  return new Uint8Array(view.buffer);
}

function listenRequest(): Uint8Array {
  const view = new DataView(new ArrayBuffer(CONNECTOR + 4));
  view.setUint32(0, CN_IDX_PROC, true);
  view.setUint32(4, CN_VAL_PROC, true);
  view.setUint16(16, 4, true);
  view.setUint32(CONNECTOR, PROC_CN_MCAST_LISTEN, true);
  return concat([encodeMessage({ type: NLMSG_DONE, flags: 0, sequence: 0, body: new Uint8Array(view.buffer) })]);
}
