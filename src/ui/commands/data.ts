// Commands that take what is on the screen elsewhere: clipboard, file, pcapng. They touch no engine.
import { exportView, FORMATS, type Format, isFormat, rowText, toJson } from '../export.ts';
import { plural } from '../format.ts';
import { rowsOf } from '../list.ts';
import { packetFile } from '../packet-file.ts';
import { shownRow } from '../selection.ts';
import { currentView, type ScreenState, type Step, stay, withToast } from '../state.ts';
import { viewContext } from '../views/context.ts';
import { packetsView } from '../views/packets.ts';
import { viewOf } from '../views/registry.ts';
import type { Command } from './command.ts';

const noRow = (state: ScreenState, now: number): string | undefined =>
  shownRow(state, now) === undefined ? 'there is no row to copy' : undefined;

const noPackets = (state: ScreenState): string | undefined =>
  state.packets.length === 0 || state.snapshot === undefined ? 'no packet has been captured yet' : undefined;

const prompted = (state: ScreenState, text: string): Step =>
  stay({ ...state, prompt: { kind: 'command', text, before: '', recall: undefined }, toast: undefined });

function copyRow(state: ScreenState, now: number): Step {
  const id = currentView(state);
  const { columns } = rowsOf(viewOf(id)!.list!, viewContext(state, id, now), state.size.columns);
  return stay(state, { type: 'copy', text: rowText(columns, shownRow(state, now)) });
}

/** `kavtui-events-lb1-20260301-120000.csv` */
function fileName(state: ScreenState, what: string, extension: string): string {
  const { snapshot } = state;
  const router = (snapshot?.routerId ?? state.info.hostname).replace(/[^\w.-]/g, '_');
  const at = new Date(snapshot?.wallTime ?? 0);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  const time = `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
  return `kavtui-${what}-${router}-${day}-${time}.${extension}`;
}

/** `:export [csv|json|md] [FILE]`; the ending of the file tells the format, too. */
function saveView(state: ScreenState, now: number, args: string): Step {
  const id = currentView(state);
  const [first = '', ...rest] = args.split(' ');
  const ending = first.split('.').at(-1) ?? '';
  const format: Format = isFormat(first) ? first : isFormat(ending) ? ending : 'csv';
  const file = (isFormat(first) ? rest.join(' ') : args) || fileName(state, id, format);
  const { text, rows } = exportView(viewOf(id)!, viewContext(state, id, now), format);
  return stay(state, { type: 'save', file, data: new TextEncoder().encode(text), what: plural(rows, 'row') });
}

/** What the filter of the packets lets through. */
function savePackets(state: ScreenState, now: number, args: string): Step {
  const { items, total } = rowsOf(packetsView.list!, viewContext(state, 'packets', now), state.size.columns);
  const { snapshot } = state;
  if (snapshot === undefined) return stay(withToast(state, now, 'no report of the engine yet', 'attention'));
  const file = args || fileName(state, 'packets', 'pcapng');
  const what = items.length === total ? plural(total, 'packet') : `${items.length} of ${plural(total, 'packet')}`;
  return stay(state, { type: 'save', file, data: packetFile(items, snapshot), what });
}

export const DATA: readonly Command[] = [
  {
    id: 'data.copy',
    title: 'copy the row',
    keys: ['y'],
    names: ['copy'],
    group: 'data',
    tier: 'save',
    blocked: noRow,
    run: copyRow,
  },
  {
    id: 'data.copy-json',
    title: 'copy the row as JSON',
    keys: ['Y'],
    names: ['copy-json'],
    group: 'data',
    tier: 'save',
    blocked: noRow,
    run: (state, now) => stay(state, { type: 'copy', text: toJson(shownRow(state, now)) }),
  },
  {
    id: 'data.export',
    title: 'export the view to a file',
    keys: ['e'],
    names: ['export'],
    args: '[csv|json|md] [FILE]',
    group: 'data',
    tier: 'save',
    complete: () => FORMATS,
    run: (state, now, args) =>
      args === ''
        ? prompted(state, `export csv ${fileName(state, currentView(state), 'csv')}`)
        : saveView(state, now, args),
  },
  {
    id: 'data.pcap',
    title: 'write the packets as pcapng',
    keys: ['W'],
    names: ['pcap'],
    args: '[FILE]',
    group: 'data',
    tier: 'save',
    blocked: noPackets,
    run: (state, now, args) =>
      args === '' ? prompted(state, `pcap ${fileName(state, 'packets', 'pcapng')}`) : savePackets(state, now, args),
  },
];
