// All lines of the logs of keepalived (2.0 to 2.4) and of kavtui that are known, in the order of the tables.
import { ADVERTS } from './log-lines/adverts.ts';
import { CONFIGURATION } from './log-lines/configuration.ts';
import { HOST } from './log-lines/host.ts';
import { type LogEntry, logEntry } from './log-lines/log-entry.ts';
import { OWN } from './log-lines/own.ts';
import { PROCESS } from './log-lines/process.ts';
import { STATES } from './log-lines/states.ts';
import { TRACKERS } from './log-lines/trackers.ts';

export const LOG_ENTRIES: readonly LogEntry[] = [
  ...[STATES, ADVERTS, TRACKERS, HOST, PROCESS, CONFIGURATION, OWN].flatMap((rows) => rows.map(logEntry)),
];
