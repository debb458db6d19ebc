// All views in the order of their digits.
import type { ViewId } from '../state.ts';
import { instanceView } from './detail.ts';
import { drillView } from './drill.ts';
import { eventsView } from './events.ts';
import { helpView } from './help.ts';
import { instancesView } from './instances.ts';
import { packetsView } from './packets.ts';
import { peersView } from './peers.ts';
import { trackersView } from './trackers.ts';
import type { View } from './view.ts';

export const VIEWS: readonly View[] = [
  instancesView,
  packetsView,
  trackersView,
  eventsView,
  peersView,
  drillView,
  instanceView,
  helpView,
];

const BY_ID = new Map(VIEWS.map((view) => [view.id, view]));

/** Undefined: there is no such view in this build. */
export function viewOf(id: ViewId): View | undefined {
  return BY_ID.get(id);
}
