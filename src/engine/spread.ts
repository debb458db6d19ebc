// Many instances that become MASTER, or are reconfigured, at the same moment would go on speaking at the same moment, for ever: a burst that
// fills the sockets of those who hear it. From their second advert on they speak by turns.
import type { Node } from './node.ts';

/** So few are no burst. */
const FEW = 16;
/** Those that share a moment are sent by one wake-up of the process, which costs as much as ten adverts: also with others. */
const MOMENT_US = 20_000;

/** Moves the next adverts of those that begin anew, earlier by up to an interval, evenly. */
export function spreadAdverts(node: Node): void {
  const { beginners } = node;
  if (beginners.length === 0) return;
  node.beginners = [];
  if (beginners.length <= FEW) return;
  for (const [i, router] of beginners.entries()) {
    const { state, advertAt } = router.state;
    if (state !== 'MASTER' || advertAt === undefined) continue;
    const earlier = (router.config.advertIntervalUs * i) / beginners.length;
    const moment = Math.floor((advertAt - earlier) / MOMENT_US) * MOMENT_US;
    if (moment <= node.now) continue;
    router.state = { ...router.state, advertAt: moment };
    node.deadlines.moved(router);
  }
}
