// A record of the event log as a line: keepalived's words, with the time in front.
import type { EventRecord } from '../engine/record.ts';
import { stripControl } from '../wire/text.ts';

export type LogFormat = 'text' | 'json';

/** `(VI_1) Entering MASTER STATE - master-down timer expired` */
export function logText({ instance, text, cause, kind }: EventRecord): string {
  const subject = instance === undefined ? '' : `(${instance}) `;
  return stripControl(`${subject}${text}${kind === 'state' && cause !== undefined ? ` - ${cause}` : ''}`);
}

/** One line without its end. `wallTime`: milliseconds since the Unix epoch. */
export function logLine(record: EventRecord, wallTime: number, format: LogFormat): string {
  const time = new Date(wallTime).toISOString();
  if (format === 'text') return `${time} ${logText(record)}`;
  const { level, kind, instance, state, cause } = record;
  return JSON.stringify({ time, level, kind, instance, text: stripControl(record.text), state, cause });
}
