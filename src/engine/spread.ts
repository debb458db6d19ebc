// Many instances that become MASTER at the same moment would go on speaking at the same moment, for ever: a burst that
// fills the sockets of those who hear it. From their second advert on they speak by turns.
import type { Node } from './node.ts';

/** So few are no burst. */
const FEW = 16;
/** Those that share a moment are sent by one wake-up of the process, which costs as much as ten adverts. */
const MOMENT_US = 20_000;

/** Moves the next adverts of those that became MASTER just now, earlier by up to an interval, evenly. */
export function spreadAdverts(node: Node): void {
  const { promoted } = node;
  if (promoted.length === 0) return;
  node.promoted = [];
  if (promoted.length <= FEW) return;
  for (const [i, router] of promoted.entries()) {
    const { state, advertAt } = router.state;
    if (state !== 'MASTER' || advertAt === undefined) continue;
    const earlier = (router.config.advertIntervalUs * i) / promoted.length;
    router.state = { ...router.state, advertAt: advertAt - Math.floor(earlier / MOMENT_US) * MOMENT_US };
    node.deadlines.moved(router);
  }
}
