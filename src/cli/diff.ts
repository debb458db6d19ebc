// `kavtui check --diff OLD NEW`: what a reload would do, instance by instance, before anything is done.
import type { NodeConfig } from '../engine/config.ts';
import { keepDeviceNames } from '../engine/device-names.ts';
import { planReload } from '../engine/reload-plan.ts';
import type { InstanceConfig } from '../vrrp/config.ts';
import { addressFamily } from '../wire/address.ts';
import { stripControl } from '../wire/text.ts';
import type { Write } from './check.ts';
import { judgeForRun } from './read-for-run.ts';

/** Returns 0 when the new file would be taken, 5 when a reload would refuse it, 4 when a file cannot be read. */
export function diff(before: string, after: string, write: Write): number {
  const old = judgeForRun(before, true);
  const next = judgeForRun(after, false);
  if (!old.ok) {
    write.err(`${stripControl(old.message)}\n`);
    return 4;
  }
  if (!next.ok) {
    for (const { file, line, message } of next.findings)
      write.out(stripControl(`${file}:${line}: ${message}`).concat('\n'));
    write.out(stripControl(`a reload would refuse the new file and change nothing: ${next.message}`).concat('\n'));
    return 5;
  }
  for (const line of describeReload(old.config, next.config)) write.out(`${stripControl(line)}\n`);
  return 0;
}

/** One line for each instance that a reload touches, with what it means for a MASTER and for a BACKUP. */
export function describeReload(before: NodeConfig, after: NodeConfig): readonly string[] {
  const { kept, added, removed } = planReload(before, keepDeviceNames(before, after));
  const lines = kept.flatMap(({ before: old, after: next, changes }) =>
    changes.length === 0
      ? []
      : [`~ ${titleOf(old, next)}: ${changes.map((field) => change(field, old, next)).join('; ')}`],
  );
  if (lines.length > 0) {
    lines.push('  (a MASTER stays MASTER and says it at once; a BACKUP starts its full timer anew; no notify)');
  }
  lines.push(...added.map((next) => `+ ${next.name}: new, starts as BACKUP (${where(next)})`));
  lines.push(
    ...removed.map(
      (old) => `- ${old.name}: removed (${where(old)}); a MASTER sends priority 0 and removes ${addresses(old)}`,
    ),
  );
  const same = kept.filter(({ changes }) => changes.length === 0).length;
  lines.push(`${same} unchanged, ${kept.length - same} changed, ${added.length} new, ${removed.length} removed`);
  return lines;
}

function titleOf(old: InstanceConfig, next: InstanceConfig): string {
  return old.name === next.name ? next.name : `${old.name} -> ${next.name}`;
}

function change(field: string, old: InstanceConfig, next: InstanceConfig): string {
  if (field === 'password') return 'another password';
  if (field === 'hmac') return 'another auth_hmac';
  if (field === 'name') return 'renamed';
  if (field === 'addresses' || field === 'excluded') return addressChange(field, old[field], next[field]);
  return `${field} ${text(old[field as keyof InstanceConfig])} -> ${text(next[field as keyof InstanceConfig])}`;
}

function addressChange(field: string, old: InstanceConfig['addresses'], next: InstanceConfig['addresses']): string {
  const key = ({ address, prefix, interface: name }: InstanceConfig['addresses'][number]): string =>
    `${address}${prefix === (addressFamily(address) === 4 ? 32 : 128) ? '' : `/${prefix}`} on ${name}`;
  const gone = old.map(key).filter((each) => !next.map(key).includes(each));
  const fresh = next.map(key).filter((each) => !old.map(key).includes(each));
  const parts = [...gone.map((each) => `removes ${each}`), ...fresh.map((each) => `adds ${each}`)];
  return parts.length > 0 ? parts.join(', ') : `${field}: other order or options`;
}

function text(value: unknown): string {
  if (value === undefined) return 'not set';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function where({ interface: name, vrid, family, unicastPeers }: InstanceConfig): string {
  return `${name}, vrid ${vrid}, IPv${family}, ${unicastPeers.length > 0 ? 'unicast' : 'multicast'}`;
}

function addresses({ addresses: listed, excluded }: InstanceConfig): string {
  return [...listed, ...excluded].map(({ address }) => address).join(' ') || 'no address';
}
