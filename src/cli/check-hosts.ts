// `kavtui check lb1.conf lb2.conf ...`: the files one by one, then what is wrong with them together.
import { basename, dirname } from 'node:path';
import type { Severity } from '../config/diagnostic.ts';
import { type ComparedRouter, type Comparison, compareHosts } from '../judge/compare-hosts.ts';
import { type ConfiguredHost, configuredHost } from '../judge/configured-host.ts';
import { seconds } from '../judge/failover-times.ts';
import { severityExit } from '../judge/host-finding.ts';
import { stripControl } from '../wire/text.ts';
import {
  type Checked,
  type CheckOptions,
  checkFile,
  loadOptions,
  renderResult,
  toJson,
  UNREADABLE,
  type Write,
} from './check.ts';
import { sarifLog } from './check-hosts-sarif.ts';
import { countFindings, findingLines } from './finding-lines.ts';

export interface CheckHostsOptions extends CheckOptions {
  /** One SARIF 2.1.0 log instead. */
  readonly sarif?: boolean;
}

/**
 * Compares the hosts and writes what is found. Exit status: 4 where a file cannot be read; else by the worst severity of
 * findings and diagnostics: 0, 10, 11. One file alone (for SARIF) exits as `check` does.
 */
export function checkHosts(files: readonly string[], options: CheckHostsOptions, write: Write): number {
  const loading = loadOptions(options);
  if (typeof loading === 'string') {
    write.err(`${stripControl(loading)}\n`);
    return UNREADABLE;
  }
  const checked = files.map((file) => checkFile(file, loading));
  for (const { unreadable } of checked) if (unreadable !== undefined) write.err(`${stripControl(unreadable)}\n`);
  const comparison = compareHosts(hostsOf(checked));
  const exit = exitOf(checked, comparison);
  if (options.sarif) write.out(`${JSON.stringify(sarifLog(checked, comparison), null, 2)}\n`);
  else if (options.json) write.out(`${JSON.stringify({ ...toJson(checked, exit), ...comparison, exit }, null, 2)}\n`);
  else write.out(textOf(checked, comparison));
  return exit;
}

function exitOf(checked: readonly Checked[], { findings }: Comparison): number {
  if (checked.some(({ result }) => result === undefined)) return UNREADABLE;
  if (checked.length === 1) return checked[0]!.exit;
  const said = checked.flatMap(({ result }) => result!.diagnostics.map(({ severity }): Severity => severity));
  return severityExit([...findings.map(({ severity }) => severity), ...said]);
}

function hostsOf(checked: readonly Checked[]): ConfiguredHost[] {
  const names = hostNames(checked.map(({ file }) => file));
  return checked.flatMap(({ file, result }, i) =>
    result === undefined ? [] : [configuredHost(names[i]!, file, result)],
  );
}

/** `lb1` of `lb1.conf`; the folder's name where all files have the same (`lb1/keepalived.conf`); else the paths. */
export function hostNames(files: readonly string[]): readonly string[] {
  const ways = [
    (file: string) => basename(file).replace(/\.[^.]*$/, '') || file,
    (file: string) => basename(dirname(file)),
    (file: string) => file,
  ];
  const unique = ways.map((way) => files.map(way)).find((names) => new Set(names).size === names.length);
  // One file given twice: there is nothing left to tell them apart by.
  return unique ?? files.map((file, i) => `${file} (${i + 1})`);
}

function textOf(checked: readonly Checked[], comparison: Comparison): string {
  const { findings, routers, alone } = comparison;
  const lines = [
    ...findings.flatMap(findingLines),
    ...routers.flatMap(routerLines),
    ...alone.map(({ host, instance, subject }) => `${subject}: only ${host} has it (${instance})`),
    lastLine(checked, comparison),
  ];
  const files = checked.flatMap(({ file, result }) => (result === undefined ? [] : [renderResult(file, result)]));
  return `${files.join('')}${lines.map((line) => stripControl(line)).join('\n')}\n`;
}

function lastLine(checked: readonly Checked[], { findings, routers }: Comparison): string {
  const missing = checked.filter(({ result }) => result === undefined).length;
  const hosts = missing === 0 ? `${checked.length} hosts` : `${checked.length - missing} of ${checked.length} hosts`;
  const shared = `${routers.length} virtual router${routers.length === 1 ? '' : 's'} in common`;
  // "nothing found" would be wrong: nothing was compared with the file that is missing.
  return missing > 0 && findings.length === 0
    ? `${hosts} could be read, ${shared}: not compared with the rest`
    : `${hosts}, ${shared}: ${countFindings(findings)}`;
}

function routerLines({ subject, members, leader, returns, failover }: ComparedRouter): string[] {
  const hosts = members.map(
    ({ host, interface: name, priority, reachable }) =>
      `${host} (${name || 'no interface'}) ${reachable.length > 1 ? `${priority}, with weights ${reachable.join(' ')}` : priority}`,
  );
  const lost = leader ?? members[0]!.host;
  return [
    `${subject}: ${hosts.join(', ')}`,
    ...returns.map(({ text }) => `    ${text}.`),
    `    When ${lost} is lost, without a MASTER for at most:`,
    ...failover.map(
      ({ cause, mostUs, terms }) =>
        `      ${cause}: ${mostUs === undefined ? 'no failover' : seconds(mostUs)} (${terms})`,
    ),
  ];
}
