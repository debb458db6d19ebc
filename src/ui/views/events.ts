// The last events in keepalived's words, newest at the bottom.
import type { EventRecord } from '../../engine/record.ts';
import { type Line, line, type Span } from '../text.ts';
import type { Style } from '../theme.ts';
import { followNote, tail } from './adverts.ts';
import { clock, type PaneView, rule, type ViewContext } from './context.ts';

const MARK: Record<EventRecord['level'], readonly [string, Style | undefined]> = {
  info: [' ', undefined],
  warning: ['!', 'attention'],
  error: ['X', 'critical'],
};

function eventLine({ state }: ViewContext, event: EventRecord): Line {
  const [mark, style] = MARK[event.level];
  const time: Span = ['dim', state.snapshot === undefined ? '' : clock(state.snapshot, event.at)];
  const who = event.instance === undefined ? '' : `(${event.instance}) `;
  const cause = event.cause === undefined || event.cause === '' ? '' : `: ${event.cause}`;
  const text = `${who}${event.text}${cause}`;
  const emphasis: Style | undefined = style ?? (event.state === undefined ? undefined : 'strong');
  return line([style ?? 'dim', mark], time, ' ', emphasis === undefined ? text : [emphasis, text]);
}

export const eventsPane: PaneView = (context, width, height) => {
  const { state } = context;
  const anchor = state.anchors.events;
  const { shown, newer } = tail(state.events, anchor, Math.max(1, height - 1));
  const head = rule(context, width, 'Events', { right: followNote(anchor, newer), focused: state.focus === 'events' });
  if (shown.length === 0) return [head, line(['dim', '  nothing has happened yet'])];
  return [head, ...shown.map((event) => eventLine(context, event))];
};
