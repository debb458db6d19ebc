// Tells the operator of packets that the kernel dropped because more came than are read: the engine itself cannot know.
import type { LinuxWorld } from '../linux/world.ts';

const LOOK_MS = 2000;
/** A flood that goes on is told of so often. */
const TELL_MS = 10_000;

type Tell = (text: string, level: 'info' | 'warning') => void;

/** Looks from time to time. `captured`: the interfaces that are captured for a screen. Ends with the process. */
export function tellDrops(
  { vrrp, capture }: Pick<LinuxWorld, 'vrrp' | 'capture'>,
  captured: () => Iterable<string>,
  tell: Tell,
): void {
  const told = new Map<string, { count: number; at: number }>();

  function look(what: string, count: number, level: 'info' | 'warning', end: string): void {
    const key = `${what} ${end}`;
    const before = told.get(key) ?? { count: 0, at: Number.NEGATIVE_INFINITY };
    const now = performance.now();
    // A socket that was opened anew counts from 0.
    const since = count < before.count ? 0 : before.count;
    if (count === since || now - before.at < TELL_MS) return;
    told.set(key, { count, at: now });
    tell(`${what}: ${count - since} ${end}`, level);
  }

  vrrp.onFlood(({ interface: name, family }) => {
    const where = name === '' ? `IPv${family}` : `${name} IPv${family}`;
    tell(`${where}: a flood of packets that are no adverts for our VRIDs; they are left unread for 10 s`, 'warning');
  });
  setInterval(() => {
    for (const { interface: name, family, count } of vrrp.dropped()) {
      look(`${name} IPv${family}`.trim(), count, 'warning', 'adverts dropped, more came than are read');
    }
    for (const name of captured()) {
      const { adverts, others } = capture.dropped(name);
      look(name, adverts + others, 'info', 'frames left out of the packet list, more came than are shown');
    }
  }, LOOK_MS).unref();
}
