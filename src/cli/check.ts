// `kavtui check FILE...`: what is wrong with a configuration, as text or as one JSON object.
import { type Diagnostic, worstExit } from '../config/diagnostic.ts';
import type { ParseResult } from '../config/parse-config.ts';
import { renderDiagnostic } from '../config/render.ts';
import type { NodeConfig } from '../engine/config.ts';
import type { InstanceConfig } from '../vrrp/config.ts';
import { stripControl } from '../wire/text.ts';
import { hostFacts } from './host-facts.ts';
import { type LoadOptions, loadConfig } from './load-config.ts';

export interface CheckOptions {
  readonly json: boolean;
  /** --assume-host: a JSON file with the facts of a host; --check-host: those of this one. */
  readonly assumeHost?: string;
  readonly checkHost?: boolean;
  readonly configId?: string;
}

export interface Write {
  out(text: string): void;
  err(text: string): void;
}

/** A file cannot be read. */
export const UNREADABLE = 4;
/** From worst to best. */
const EXIT_ORDER = [UNREADABLE, 6, 2, 5, 0] as const;
type ExitCode = (typeof EXIT_ORDER)[number];

export interface Checked {
  readonly file: string;
  readonly exit: ExitCode;
  readonly result?: ParseResult;
  readonly unreadable?: string;
}

/** Checks each file and writes the findings; returns the exit status of the worst one (cli.md: 0, 2, 4, 5, 6). */
export function check(files: readonly string[], options: CheckOptions, write: Write): number {
  const loading = loadOptions(options);
  if (typeof loading === 'string') {
    write.err(`${stripControl(loading)}\n`);
    return UNREADABLE;
  }
  const checked = files.map((file) => checkFile(file, loading));
  const exit = worstExit(
    checked.map((one) => one.exit),
    EXIT_ORDER,
  );
  for (const { unreadable } of checked) if (unreadable !== undefined) write.err(`${stripControl(unreadable)}\n`);
  if (options.json) write.out(`${JSON.stringify(toJson(checked, exit), null, 2)}\n`);
  else for (const { file, result } of checked) if (result !== undefined) write.out(renderResult(file, result));
  return exit;
}

/** How files are to be read; a message when the facts of the host cannot be. */
export function loadOptions(options: CheckOptions): LoadOptions | string {
  const facts = hostFacts(options);
  if (typeof facts === 'string') return facts;
  return {
    ...(facts === undefined ? {} : { host: facts }),
    ...(options.configId === undefined ? {} : { configId: options.configId }),
  };
}

/** Reads one file; one that cannot be read has its message instead of a result. */
export function checkFile(file: string, options: LoadOptions): Checked {
  const loaded = loadConfig(file, options);
  if (!loaded.ok) return { file, exit: UNREADABLE, unreadable: loaded.message };
  return { file, exit: loaded.result.exitCode, result: loaded.result };
}

/** The findings and, last, what they amount to. */
export function renderResult(file: string, result: ParseResult): string {
  const lines = result.diagnostics.flatMap(renderDiagnostic);
  return `${[...lines, `${stripControl(file)}: ${summary(result)}`].join('\n')}\n`;
}

/** `1 instance, 1 script, no findings`, or the counts, and what they mean for `run`. */
function summary({ config, diagnostics, fatal }: ParseResult): string {
  const parts = [count(config.instances.length, 'instance'), count(config.scripts.length, 'script')];
  for (const severity of ['error', 'warning'] as const) {
    const found = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    if (found > 0) parts.push(count(found, severity));
  }
  const notes = diagnostics.filter((diagnostic) => diagnostic.severity === 'info').length;
  if (notes > 0) parts.push(count(notes, 'note'));
  if (diagnostics.length === 0) parts.push('no findings');
  return parts.join(', ') + verdict(diagnostics, fatal);
}

function verdict(diagnostics: readonly Diagnostic[], fatal: boolean): string {
  if (fatal) return '; keepalived would stop at once and kavtui run refuses it';
  const blocking = diagnostics.filter((diagnostic) => diagnostic.blocking).length;
  if (blocking === 0) return '';
  return `; kavtui run refuses it without --ignore-unsupported (${count(blocking, 'blocking finding')})`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** All that the files say and what is wrong with them; secrets left out. */
export function toJson(checked: readonly Checked[], exit: number): Readonly<Record<string, unknown>> {
  const configs = checked.flatMap(({ result }) => (result === undefined ? [] : [result.config]));
  return {
    files: checked.map(({ file }) => file),
    diagnostics: checked.flatMap(({ file, result, unreadable }) =>
      result === undefined ? [unreadableJson(file, unreadable ?? '')] : result.diagnostics.map(diagnosticJson),
    ),
    instances: configs.flatMap((config) => config.instances.map(instanceJson)),
    syncGroups: configs.flatMap((config) => config.syncGroups ?? []),
    scripts: configs.flatMap((config: NodeConfig) => config.scripts),
    virtualServers: [],
    exit,
  };
}

function diagnosticJson({ code, severity, blocking, message, file, line, column, hint }: Diagnostic): unknown {
  return { code, severity, blocking, message, file, line, column, ...(hint === undefined ? {} : { hint }) };
}

function unreadableJson(file: string, message: string): unknown {
  return { code: 'unreadable-file', severity: 'error', blocking: true, message, file, line: 0, column: 0 };
}

/** Everything but the password: only that there is one. */
function instanceJson({ password, hmac, ...instance }: InstanceConfig): unknown {
  const kind = password === undefined ? 'none' : instance.ah ? 'AH' : 'PASS';
  return { ...instance, authentication: hmac === undefined ? kind : 'HMAC' };
}
