// Lines that only kavtui writes.
import type { LogRow } from './log-entry.ts';

export const OWN: readonly LogRow[] = [
  [
    'info',
    ['override: %s %s', 'override %s: %s'],
    'An operator has changed something for a while (or the time is over): a priority, FAULT, nopreempt.',
    'Who and why stands in the audit log.',
  ],
  [
    'info',
    ['priority %d -> %d', 'nopreempt %s'],
    'The value that counts was changed by hand, for a while.',
    'It reverts by itself; `u` on the screen takes it back at once.',
  ],
  [
    'info',
    'Restoring priority %d of the address owner',
    'No other owner is heard any more: this router has its full priority again.',
    'Nothing to do.',
    'D39',
  ],
  [
    'error',
    '%d lines were lost',
    'The log could not be written as quickly as lines came.',
    'The disk or the reader of the log.',
  ],
  [
    'error',
    [
      '%s (pid %d) holds this network namespace',
      '%s runs in this network namespace already (pid %d): stop it first, or use --take-over',
      'another kavtui (pid %d) holds this network namespace',
    ],
    "Two routers on one host would take each other's addresses away.",
    'Stop the other one, or --take-over.',
  ],
  [
    'error',
    [
      '%s is refused: half a configuration splits a cluster.',
      '%s has no vrrp_instance that can run',
      '%s cannot run: keepalived would stop at once with it',
    ],
    'The configuration is not one to run with.',
    '`kavtui check FILE` names each line.',
    'D40',
  ],
  [
    'error',
    [
      'CAP_NET_ADMIN and CAP_NET_RAW are missing; type: %s',
      'CAP_NET_RAW is missing; type: %s',
      'CAP_NET_ADMIN is missing; type: %s',
    ],
    'Rights are missing.',
    'Type what the line says.',
    'D25',
  ],
  [
    'warning',
    '%d frames dropped: more came than are read',
    'A watch lost frames because more came than it could read: what it tells may have holes.',
    'A flood, or a busy host.',
  ],
];
