// Lines to the system log: one datagram each to /dev/log. Synchronous, so that the last words of a dying router arrive,
// which a `logger` child on a pipe could not promise.
import { stripControl } from '../wire/text.ts';
import { AF_UNIX, EAGAIN, ENOBUFS, MSG_DONTWAIT, MSG_NOSIGNAL, SOCK_CLOEXEC, SOCK_DGRAM } from './abi.ts';
import { errnoName, libc } from './libc.ts';
import { sockaddrUn } from './socket-address.ts';

/** Numbers of syslog.h. */
const SEVERITIES = { error: 3, warning: 4, notice: 5, info: 6, debug: 7 } as const;
const DAEMON = 3;
/** What a reader takes at least (RFC 3164 §4.1 says 1024; journald and rsyslog take far more). */
const LINE_LENGTH = 8000;

export type SyslogLevel = keyof typeof SEVERITIES;

export interface SyslogOptions {
  /** Told once when the log cannot be reached, and once more after it could. */
  readonly onProblem?: (message: string) => void;
  /** Default: /dev/log. */
  readonly path?: string;
  /** Default: `Kavtui_vrrp`, after keepalived's `Keepalived_vrrp`. */
  readonly tag?: string;
}

export interface Syslog {
  /** Never throws and never waits; a line that the log does not take is lost. */
  write(level: SyslogLevel, text: string): void;
  close(): void;
}

/** Nothing is opened before the first line; a log that is not there is tried again with each line. */
export function createSyslog(options: SyslogOptions = {}): Syslog {
  const { onProblem = () => {}, path = '/dev/log', tag = 'Kavtui_vrrp' } = options;
  let fd = -1;
  let troubled = false;

  function send(bytes: Uint8Array): number {
    if (fd < 0) fd = libc().socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return fd < 0 ? fd : libc().sendto(fd, bytes, MSG_DONTWAIT | MSG_NOSIGNAL, sockaddrUn(path));
  }

  return {
    write: (level, text) => {
      const time = timestamp(new Date());
      const line = `<${DAEMON * 8 + SEVERITIES[level]}>${time} ${tag}[${process.pid}]: ${stripControl(text)}`;
      const result = send(new TextEncoder().encode(line).subarray(0, LINE_LENGTH));
      if (result >= 0) troubled = false;
      else if (result !== EAGAIN && result !== ENOBUFS && !troubled) {
        troubled = true;
        onProblem(`cannot write to the system log ${path}: ${errnoName(result)}`);
      }
    },
    close: () => {
      if (fd >= 0) libc().close(fd);
      fd = -1;
    },
  };
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** RFC 3164 §4.1.2: local time, the day padded with a blank. */
function timestamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2, ' ')} ${time}`;
}
