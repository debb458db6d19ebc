// The only file that declares libc. Calls return what they return in the kernel: a result, or a negative errno.
// koffi is loaded on first use, so that commands which touch no socket (`demo`, `check`) never load it.
import { createRequire } from 'node:module';
import { endianness } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import type { PortResult } from '../ports/result.ts';

type Koffi = typeof import('koffi');
type Bytes = Uint8Array;

/** Memory outside of V8's heap: it never moves, so its address may stand in a structure that the kernel reads. */
export interface FixedMemory {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Bytes): number;
  connect(fd: number, address: Bytes): number;
  listen(fd: number, backlog: number): number;
  sendto(fd: number, bytes: Bytes, flags: number, address: Bytes | null): number;
  recv(fd: number, into: Bytes, flags: number): number;
  read(fd: number, into: Bytes): number;
  /** `message` is a struct msghdr in fixed memory. */
  sendmsg(fd: number, message: bigint, flags: number): number;
  /** `messages` is an array of struct mmsghdr in fixed memory. How many were sent. */
  sendmmsg(fd: number, messages: bigint, count: number, flags: number): number;
  recvmsg(fd: number, message: bigint, flags: number): number;
  setOption(fd: number, level: number, option: number, value: Bytes | number): number;
  /** Writes the value into `into` and returns its length. */
  getOption(fd: number, level: number, option: number, into: Bytes): number;
  /** A pipe that children do not inherit by themselves: its ends, or a negative errno. */
  pipe(): { readonly read: number; readonly write: number } | number;
  /** 0, or a negative errno. The umask counts. */
  makeFifo(path: string, mode: number): number;
  inotifyInit(flags: number): number;
  /** A watch descriptor, or a negative errno. */
  inotifyAddWatch(fd: number, path: string, mask: number): number;
  inotifyRemoveWatch(fd: number, watch: number): number;
  /** Moves this thread into the namespace that `fd` stands for. */
  setNamespace(fd: number, type: number): number;
  /** Of this thread. */
  setScheduler(policy: number, priority: number): number;
  setAffinity(mask: Bytes): number;
  timerfdCreate(clock: number, flags: number): number;
  timerfdSettime(fd: number, flags: number, spec: Bytes): number;
  /** ioctl(2) with an argument that is written. */
  ioctl(fd: number, request: number, into: Bytes): number;
  /** Nanoseconds of CLOCK_REALTIME. */
  realTimeNs(): bigint;
  close(fd: number): number;
  /** Marks a descriptor that a library opened, so that scripts do not inherit it; or takes the mark away. */
  closeOnExec(fd: number, close?: boolean): number;
  prctl(option: number, first: number, second: number): number;
  /** Both are the structures of linux/capability.h. Concerns the calling thread only. */
  capset(header: Bytes, data: Bytes): number;
  /** Does not return when it succeeds: the other program is this process then. */
  execve(path: string, words: readonly string[], environment: readonly string[]): number;
  allocate(length: number): FixedMemory;
  /** Calls `ready` from the event loop while the descriptor is readable; `status` < 0: an error waits in the socket. */
  poll(fd: number, ready: (status: number) => void): PollHandle;
}

export interface PollHandle {
  /** Watches again after an error stopped the watch. */
  restart(): void;
  close(): void;
}

const O_CLOEXEC = 0o2000000;
const F_SETFD = 2;
const FD_CLOEXEC = 1;

let loaded: Libc | undefined;

/** The C library of this process. Throws where koffi cannot run: programmer or packaging error. */
export function libc(): Libc {
  loaded ??= declare(createRequire(import.meta.url)('koffi') as Koffi);
  return loaded;
}

function declare(koffi: Koffi): Libc {
  // Structures below are laid out by hand for little-endian machines with 64-bit pointers: all that koffi supports.
  if (endianness() !== 'LE' || koffi.sizeof('void *') !== 8) throw new Error('kavtui needs a 64-bit little-endian CPU');
  const library = koffi.load(null);
  const socket = library.func('int socket(int domain, int type, int protocol)');
  const bind = library.func('int bind(int fd, void *address, uint32_t length)');
  const connect = library.func('int connect(int fd, void *address, uint32_t length)');
  const listen = library.func('int listen(int fd, int backlog)');
  const sendto = library.func('intptr_t sendto(int fd, void *b, size_t n, int flags, void *address, uint32_t length)');
  const recv = library.func('intptr_t recv(int fd, void *b, size_t n, int flags)');
  const read = library.func('intptr_t read(int fd, void *b, size_t n)');
  const sendmsg = library.func('intptr_t sendmsg(int fd, void *message, int flags)');
  const sendmmsg = library.func('int sendmmsg(int fd, void *messages, uint32_t count, int flags)');
  const recvmsg = library.func('intptr_t recvmsg(int fd, void *message, int flags)');
  const setsockopt = library.func('int setsockopt(int fd, int level, int option, void *value, uint32_t length)');
  const getsockopt = library.func('int getsockopt(int fd, int level, int option, void *value, void *length)');
  const pipe2 = library.func('int pipe2(void *ends, int flags)');
  const mkfifo = library.func('int mkfifo(const char *path, uint32_t mode)');
  const inotifyInit = library.func('int inotify_init1(int flags)');
  const inotifyAddWatch = library.func('int inotify_add_watch(int fd, const char *path, uint32_t mask)');
  const inotifyRemoveWatch = library.func('int inotify_rm_watch(int fd, int watch)');
  const setns = library.func('int setns(int fd, int type)');
  const schedSetscheduler = library.func('int sched_setscheduler(int pid, int policy, void *param)');
  const schedSetaffinity = library.func('int sched_setaffinity(int pid, size_t size, void *mask)');
  const timerfdCreate = library.func('int timerfd_create(int clock, int flags)');
  const timerfdSettime = library.func('int timerfd_settime(int fd, int flags, void *spec, void *old)');
  const clockGettime = library.func('int clock_gettime(int clock, void *time)');
  const prctl = library.func(
    'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
  );
  const capset = library.func('int capset(void *header, void *data)');
  const execve = library.func('int execve(const char *path, const char **words, const char **environment)');
  const fcntl = library.func('int fcntl(int fd, int command, ...)');
  const close = library.func('int close(int fd)');
  const ioctl = library.func('int ioctl(int fd, unsigned long request, void *argument)');

  const result = (value: number): number => (value < 0 ? -koffi.errno() : value);
  const time = new DataView(new ArrayBuffer(16));
  const timeBytes = new Uint8Array(time.buffer);

  return {
    socket: (domain, type, protocol) => result(socket(domain, type, protocol)),
    bind: (fd, address) => result(bind(fd, address, address.length)),
    connect: (fd, address) => result(connect(fd, address, address.length)),
    listen: (fd, backlog) => result(listen(fd, backlog)),
    sendto: (fd, bytes, flags, address) =>
      result(sendto(fd, bytes, bytes.length, flags, address, address === null ? 0 : address.length)),
    recv: (fd, into, flags) => result(recv(fd, into, into.length, flags)),
    read: (fd, into) => result(read(fd, into, into.length)),
    sendmsg: (fd, message, flags) => result(sendmsg(fd, message, flags)),
    sendmmsg: (fd, messages, count, flags) => result(sendmmsg(fd, messages, count, flags)),
    recvmsg: (fd, message, flags) => result(recvmsg(fd, message, flags)),
    setOption: (fd, level, option, value) => {
      const bytes = typeof value === 'number' ? int32(value) : value;
      return result(setsockopt(fd, level, option, bytes, bytes.length));
    },
    getOption: (fd, level, option, into) => {
      const length = int32(into.length);
      const outcome = result(getsockopt(fd, level, option, into, length));
      return outcome < 0 ? outcome : new DataView(length.buffer).getInt32(0, true);
    },
    pipe: () => {
      const ends = new Uint8Array(8);
      const outcome = result(pipe2(ends, O_CLOEXEC));
      const view = new DataView(ends.buffer);
      return outcome < 0 ? outcome : { read: view.getInt32(0, true), write: view.getInt32(4, true) };
    },
    makeFifo: (path, mode) => result(mkfifo(path, mode)),
    inotifyInit: (flags) => result(inotifyInit(flags)),
    inotifyAddWatch: (fd, path, mask) => result(inotifyAddWatch(fd, path, mask)),
    inotifyRemoveWatch: (fd, watch) => result(inotifyRemoveWatch(fd, watch)),
    setNamespace: (fd, type) => result(setns(fd, type)),
    setScheduler: (policy, priority) => result(schedSetscheduler(0, policy, int32(priority))),
    setAffinity: (mask) => result(schedSetaffinity(0, mask.length, mask)),
    timerfdCreate: (clock, flags) => result(timerfdCreate(clock, flags)),
    timerfdSettime: (fd, flags, spec) => result(timerfdSettime(fd, flags, spec, null)),
    ioctl: (fd, request, into) => result(ioctl(fd, request, into)),
    realTimeNs: () => {
      clockGettime(0, timeBytes);
      return time.getBigInt64(0, true) * 1_000_000_000n + time.getBigInt64(8, true);
    },
    close: (fd) => result(close(fd)),
    closeOnExec: (fd, close = true) => result(fcntl(fd, F_SETFD, 'int', close ? FD_CLOEXEC : 0)),
    prctl: (option, first, second) => result(prctl(option, first, second, 0, 0)),
    capset: (header, data) => result(capset(header, data)),
    execve: (path, words, environment) => result(execve(path, [...words, null], [...environment, null])),
    allocate: (length) => {
      const address = koffi.alloc('uint8_t', length) as bigint;
      const buffer = koffi.view(address, length);
      return { address, bytes: new Uint8Array(buffer).fill(0), view: new DataView(buffer) };
    },
    poll: (fd, ready) => {
      const handle = koffi.node.poll(fd, { readable: true }, ready as never);
      return {
        restart: () => handle.start({ readable: true }, ready as never),
        close: () => handle.close(),
      };
    },
  };
}

/** A C int in memory. */
export function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

let errors: ReturnType<typeof getSystemErrorMap> | undefined;

function errorOf(negative: number): readonly [string, string] | undefined {
  // Node makes a map of all of them at each call.
  errors ??= getSystemErrorMap();
  return errors.get(negative);
}

/** Name of a negative errno (`ENETDOWN`); `EUNKNOWN` for one that Node does not know. */
export function errnoName(negative: number): string {
  return errorOf(negative)?.[0] ?? 'EUNKNOWN';
}

/** The failure `what: reason` for a negative errno. */
export function failure(negative: number, what: string): PortResult & { readonly ok: false } {
  const [code, text] = errorOf(negative) ?? ['EUNKNOWN', `error ${-negative}`];
  return { ok: false, code, message: `${what}: ${text}` };
}
