// Which panes the screen shows at its size, and the room of each: a plain list below 60x16, one view or a column of panes
// above that, a dashboard from 140x40 on.
import { findAlerts } from '../alerts.ts';
import { isDashboard, isLarge, isSmall, type ScreenState, type ViewId } from '../state.ts';
import type { Room } from './pane.ts';
import { viewOf } from './registry.ts';

/** What a pane shows: a view, the short detail of the chosen instance, or what is wrong. */
export type PaneId = ViewId | 'preview' | 'alerts';

export interface Slot {
  readonly id: PaneId;
  readonly height: number;
}

/** Panes side by side, each side a stack. */
export interface Band {
  readonly columns: readonly { readonly width: number; readonly slots: readonly Slot[] }[];
}

/** Rows between the head of the screen (its first line and the tabs) and its foot (status, keys). */
export function bodyHeight({ size }: ScreenState): number {
  return Math.max(0, size.rows - (isSmall(size) ? 3 : 4));
}

/** Below this many rows the first pane does without a rule of its own: the tabs are right above it. */
const RULE_FROM = 24;

export const isBare = (state: ScreenState, id: PaneId): boolean => id === 'instances' && bodyHeight(state) < RULE_FROM;

/** The panes of the first view, from top to bottom. */
export function dashboard(state: ScreenState): readonly Band[] {
  return isLarge(state.size) ? largeDashboard(state) : columnOfPanes(state);
}

/** The panes that Tab goes through. */
export function focusable(state: ScreenState): readonly ViewId[] {
  const slots = dashboard(state).flatMap(({ columns }) => columns.flatMap(({ slots: each }) => each));
  return slots.flatMap(({ id, height }) => (id === 'preview' || id === 'alerts' || height === 0 ? [] : [id]));
}

/** The room that view `id` has now; that of the whole body while it is not on the screen. */
export function roomOf(state: ScreenState, id: ViewId): Room {
  const whole = { width: state.size.columns, height: bodyHeight(state) };
  if (!isDashboard(state)) return whole;
  for (const { columns } of dashboard(state)) {
    for (const { width, slots } of columns) {
      const slot = slots.find((each) => each.id === id);
      if (slot !== undefined) return { width, height: slot.height, bare: isBare(state, id) };
    }
  }
  return whole;
}

function instancesHeight(state: ScreenState): number {
  return (isBare(state, 'instances') ? 1 : 2) + Math.max(1, state.snapshot?.instances.length ?? 1);
}

const band = (width: number, ...slots: Slot[]): Band => ({ columns: [{ width, slots }] });

/** What stands where an engine has its trackers. */
const sideOf = ({ info }: ScreenState): ViewId => (info.command === 'watch' ? 'findings' : 'trackers');

function columnOfPanes(state: ScreenState): readonly Band[] {
  const height = bodyHeight(state);
  const { scripts = [], files = [], processes = [] } = state.snapshot ?? {};
  const side = sideOf(state);
  const tracked =
    side === 'findings' ? (state.findings?.length ?? 0) : scripts.length + files.length + processes.length;
  const instances = Math.min(instancesHeight(state), Math.max(3, Math.floor(height * 0.4)));
  const preview = height >= 32 ? 8 : height >= 26 ? 6 : height >= 19 ? 5 : 3;
  const left = Math.max(0, height - instances - preview);
  const trackers = tracked === 0 ? 0 : Math.min(tracked + 1, Math.max(2, Math.floor(left * 0.35)));
  const half = Math.ceil((left - trackers) / 2);
  // A log of which only the rule would be seen leaves its row to the other.
  const packets = left - trackers - half < 2 ? left - trackers : half;
  return [
    band(
      state.size.columns,
      { id: 'instances', height: instances },
      { id: 'preview', height: preview },
      { id: 'packets', height: packets },
      { id: side, height: trackers },
      { id: 'events', height: left - trackers - packets },
    ),
  ];
}

/** Cells between two panes side by side. */
export const GUTTER = 3;

function largeDashboard(state: ScreenState): readonly Band[] {
  const height = bodyHeight(state);
  const { columns: width } = state.size;
  const alertCount = findAlerts(state, state.snapshot?.takenAt ?? 0).length;
  const instances = Math.min(instancesHeight(state), Math.max(4, Math.floor(height * 0.3)));
  const preview = 9;
  const alerts = alertCount === 0 ? 0 : Math.min(5, alertCount + 1);
  const left = Math.max(0, height - instances - preview - alerts);
  const middle = Math.ceil(left * 0.55);
  const first = Math.floor((width - GUTTER) * 0.56);
  const hasPeers = viewOf('peers') !== undefined;
  const trackers = hasPeers ? Math.ceil(middle / 2) : middle;
  return [
    band(width, { id: 'instances', height: instances }, { id: 'preview', height: preview }),
    {
      columns: [
        { width: first, slots: [{ id: 'packets', height: middle }] },
        {
          width: width - GUTTER - first,
          slots: [
            { id: sideOf(state), height: trackers },
            { id: 'peers', height: middle - trackers },
          ],
        },
      ],
    },
    band(width, { id: 'events', height: left - middle }, { id: 'alerts', height: alerts }),
  ];
}
