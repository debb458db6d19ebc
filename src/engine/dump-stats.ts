// keepalived.stats as keepalived 2.2.7 writes it on SIGUSR2.
import { stripControl } from '../wire/text.ts';
import { dumpedCounters } from './dump-values.ts';
import type { InstanceSnapshot, Snapshot } from './snapshot.ts';

/** The text of keepalived.stats. */
export function dumpStats({ instances }: Snapshot): string {
  return instances.map((instance) => `${lines(instance).join('\n')}\n`).join('');
}

function lines(instance: InstanceSnapshot): readonly string[] {
  const count = dumpedCounters(instance);
  return [
    `VRRP Instance: ${stripControl(instance.name)}`,
    '  Advertisements:',
    `    Received: ${count.advert_rcvd}`,
    `    Sent: ${count.advert_sent}`,
    `  Became master: ${count.become_master}`,
    `  Released master: ${count.release_master}`,
    '  Packet Errors:',
    `    Length: ${count.packet_len_err}`,
    `    TTL: ${count.ip_ttl_err}`,
    `    Invalid Type: ${count.invalid_type_rcvd}`,
    `    Advertisement Interval: ${count.advert_interval_err}`,
    `    Address List: ${count.addr_list_err}`,
    '  Authentication Errors:',
    `    Invalid Type: ${count.invalid_authtype}`,
    `    Type Mismatch: ${count.authtype_mismatch}`,
    `    Failure: ${count.auth_failure}`,
    ...('auth_ext_missing' in count
      ? [
          '  Authentication Extension Errors:',
          `    Missing: ${count.auth_ext_missing}`,
          `    Malformed: ${count.auth_ext_malformed}`,
          `    Unknown Key: ${count.auth_ext_unknown_key}`,
          `    Invalid HMAC: ${count.auth_ext_invalid_hmac}`,
          `    Stale: ${count.auth_ext_stale}`,
          `    Replay: ${count.auth_ext_replay}`,
        ]
      : []),
    '  Priority Zero:',
    `    Received: ${count.pri_zero_rcvd}`,
    `    Sent: ${count.pri_zero_sent}`,
  ];
}
