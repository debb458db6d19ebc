// The last events in keepalived's words, newest at the bottom.
import type { EventRecord } from '../../engine/record.ts';
import type { Column } from '../table.ts';
import type { Span } from '../text.ts';
import type { Style } from '../theme.ts';
import { clock, type ViewContext } from './context.ts';
import type { View } from './view.ts';

const MARK: Record<EventRecord['level'], readonly [string, Style | undefined]> = {
  info: [' ', undefined],
  warning: ['!', 'attention'],
  error: ['X', 'critical'],
};

/** What happened and why, in one line. */
function eventText(event: EventRecord): string {
  const who = event.instance === undefined ? '' : `(${event.instance}) `;
  const cause = event.cause === undefined || event.cause === '' ? '' : `: ${event.cause}`;
  return `${who}${event.text}${cause}`;
}

function textSpan(event: EventRecord): Span {
  const style = MARK[event.level][1] ?? (event.state === undefined ? undefined : 'strong');
  return style === undefined ? eventText(event) : [style, eventText(event)];
}

function columns({ model }: ViewContext): Column<EventRecord>[] {
  const { snapshot } = model;
  const at = (event: EventRecord): string => (snapshot === undefined ? '' : clock(snapshot, event.at));
  return [
    {
      id: 'level',
      title: '',
      min: 1,
      cell: ({ level }) => [MARK[level][1] ?? 'dim', MARK[level][0]],
      value: ({ level }) => level,
    },
    { id: 'time', title: 'TIME', min: 8, cell: (event) => ['dim', at(event)] },
    { id: 'text', title: 'EVENT', min: 20, max: 400, cell: textSpan },
  ];
}

export const eventsView: View<EventRecord> = {
  id: 'events',
  title: 'Events',
  short: 'Evts',
  digit: '4',
  names: ['events', 'ev'],
  list: {
    items: ({ model }) => model.events,
    key: ({ seq }) => String(seq),
    columns,
    instance: ({ instance }) => instance,
    log: true,
    empty: () => 'nothing has happened yet',
    paneHeading: 'none',
  },
};
