// Directories watched by inotify(7): which names in them were written and closed, made, removed or renamed.
import { libc } from './libc.ts';
import { cString } from './netlink.ts';
import type { Poller } from './poller.ts';

const IN_CLOSE_WRITE = 0x8;
const IN_MOVED_FROM = 0x40;
const IN_MOVED_TO = 0x80;
const IN_CREATE = 0x100;
const IN_DELETE = 0x200;
const IN_DELETE_SELF = 0x400;
const IN_MOVE_SELF = 0x800;
const IN_Q_OVERFLOW = 0x4000;
const IN_IGNORED = 0x8000;
const IN_ONLYDIR = 0x1000000;
const NAMES = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE;
const IN_NONBLOCK = 0o4000;
const IN_CLOEXEC = 0o2000000;
const HEADER = 16;

export interface Inotify {
  /** Watches these directories and no others from now on; false for those that are not there, or are none. */
  watch(directories: ReadonlySet<string>): ReadonlyMap<string, boolean>;
  close(): void;
}

/** `changed`: a name in a directory; without a name anything may have changed. Throws without inotify. */
export function createInotify(poller: Poller, changed: (directory: string, name: string | undefined) => void): Inotify {
  const fd = libc().inotifyInit(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) throw new Error(`inotify is not to be had: error ${-fd}`);
  const buffer = new Uint8Array(64 << 10);
  /** Several paths may be one directory: a watch belongs to the inode. */
  const paths = new Map<number, Set<string>>();

  function read(): void {
    for (;;) {
      const length = libc().read(fd, buffer);
      if (length <= 0) return;
      const view = new DataView(buffer.buffer, 0, length);
      for (let at = 0; at + HEADER <= length; ) {
        const nameLength = view.getUint32(at + 12, true);
        const end = at + HEADER + nameLength;
        tell(view.getInt32(at, true), view.getUint32(at + 4, true), buffer.subarray(at + HEADER, end));
        at = end;
      }
    }
  }

  function tell(watch: number, mask: number, name: Uint8Array): void {
    if ((mask & IN_Q_OVERFLOW) !== 0) {
      for (const directory of [...paths.values()].flatMap((set) => [...set])) changed(directory, undefined);
      return;
    }
    const directories = [...(paths.get(watch) ?? [])];
    if ((mask & IN_IGNORED) !== 0) paths.delete(watch);
    const whole = (mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) !== 0;
    for (const directory of directories) changed(directory, whole ? undefined : cString(name));
  }

  const watcher = poller.watch(fd, read);
  return {
    watch(directories) {
      const before = [...paths.keys()];
      paths.clear();
      const found = new Map<string, boolean>();
      for (const directory of directories) {
        const watch = libc().inotifyAddWatch(fd, directory, NAMES | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
        found.set(directory, watch >= 0);
        if (watch >= 0) paths.set(watch, (paths.get(watch) ?? new Set()).add(directory));
      }
      // One that the kernel has removed with its directory is refused, which is fine.
      for (const watch of before) if (!paths.has(watch)) libc().inotifyRemoveWatch(fd, watch);
      return found;
    },
    close() {
      watcher.close();
      libc().close(fd);
    },
  };
}
