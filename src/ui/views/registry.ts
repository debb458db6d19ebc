// All views in the order of their digits.
import type { SessionInfo } from '../../session/messages.ts';
import type { ViewId } from '../state.ts';
import { instanceView } from './detail.ts';
import { drillView } from './drill.ts';
import { eventsView } from './events.ts';
import { findingsView } from './findings.ts';
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
  findingsView,
];

const ALL_OF: Readonly<Record<SessionInfo['command'], readonly View[]>> = {
  run: VIEWS.filter((view) => isIn(view, 'run')),
  demo: VIEWS.filter((view) => isIn(view, 'demo')),
  watch: VIEWS.filter((view) => isIn(view, 'watch')),
};

/** Those that the command has. */
export const viewsOf = ({ command }: SessionInfo): readonly View[] => ALL_OF[command];

export function isIn({ only }: Pick<View, 'only'>, command: SessionInfo['command']): boolean {
  return only === undefined || only.includes(command);
}

const BY_ID = new Map(VIEWS.map((view) => [view.id, view]));

/** Undefined: there is no such view in this build. */
export function viewOf(id: ViewId): View | undefined {
  return BY_ID.get(id);
}
