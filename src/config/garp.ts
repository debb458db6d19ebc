// When and how often addresses are announced: garp_* of an instance and vrrp_garp_* of global_defs.
import type { AnnouncementConfig } from '../vrrp/config.ts';
import type { Report } from './report.ts';
import type { Statement } from './statement.ts';
import { leadingInteger, readInteger } from './values.ts';

/** What was written; absent means the next outer default. Delays in seconds. */
export interface GarpSettings {
  masterDelay?: number;
  masterRepeat?: number;
  masterRefresh?: number;
  masterRefreshRepeat?: number;
  lowerPrioDelay?: number;
  lowerPrioRepeat?: number;
  /** garp_extra_if; 0: none. */
  extra?: { readonly seconds: number; readonly all: boolean };
  /** Of global_defs only: between announcements on an interface, µs. */
  garpIntervalUs?: number;
  gnaIntervalUs?: number;
}

interface Rule {
  readonly setting: Exclude<keyof GarpSettings, 'extra' | 'garpIntervalUs' | 'gnaIntervalUs'>;
  readonly max: number;
  /** 0 is taken for 1. */
  readonly atLeastOne?: boolean;
}

const MAX_DELAY = 4294;
const MAX_COUNT = 4_294_967_295;

const RULES: Readonly<Record<string, Rule>> = {
  garp_master_delay: { setting: 'masterDelay', max: MAX_DELAY },
  garp_master_repeat: { setting: 'masterRepeat', max: MAX_COUNT, atLeastOne: true },
  garp_master_refresh: { setting: 'masterRefresh', max: MAX_COUNT },
  garp_master_refresh_repeat: { setting: 'masterRefreshRepeat', max: MAX_COUNT, atLeastOne: true },
  garp_lower_prio_delay: { setting: 'lowerPrioDelay', max: MAX_DELAY },
  garp_lower_prio_repeat: { setting: 'lowerPrioRepeat', max: MAX_COUNT },
};

function ruleOf({ known: { name } }: Statement): Rule | undefined {
  return name.includes('garp_') ? RULES[name.startsWith('vrrp_') ? name.slice('vrrp_'.length) : name] : undefined;
}

/** garp_extra_if and its old name, of an instance or of global_defs. */
const EXTRA: ReadonlySet<string> = new Set([
  'garp_extra_if',
  'vmac_garp_intvl',
  'vrrp_garp_extra_if',
  'vrrp_vmac_garp_intvl',
]);
const DAY = 86_400;

/** True for the keywords that `readGarp` reads. */
export function isGarpKeyword(statement: Statement): boolean {
  return ruleOf(statement) !== undefined || EXTRA.has(statement.known.name);
}

/** Reads one garp line into `settings`. */
export function readGarp(statement: Statement, settings: GarpSettings, report: Report): void {
  if (EXTRA.has(statement.known.name)) return readExtra(statement, settings, report);
  const rule = ruleOf(statement);
  const word = statement.words[0];
  if (rule === undefined || word === undefined) return;
  const value = readInteger(word, statement.known.name, { min: 0, max: rule.max }, 'the line is ignored', report);
  // In global_defs keepalived goes on with the digits before what is wrong.
  const given = value ?? (statement.context === 'global_defs' ? leadingInteger(word) : undefined);
  if (given === undefined) return;
  if (value === 0 && rule.atLeastOne) {
    report.warning('out-of-range', word, `${statement.known.name} has to be at least 1; 1 is used`);
  }
  settings[rule.setting] = rule.atLeastOne ? Math.max(1, given) : given;
}

/** `[all] SECONDS`; an instance may say 0. */
function readExtra({ words, known, keyword, context }: Statement, settings: GarpSettings, report: Report): void {
  const all = words[0]?.text === 'all';
  const word = words[all ? 1 : 0];
  if (word === undefined) return report.error('missing-value', keyword, `${known.name} needs the seconds`);
  const range = { min: context === 'global_defs' ? 1 : 0, max: DAY };
  const seconds = readInteger(word, known.name, range, 'the line is ignored', report);
  if (seconds !== undefined) settings.extra = { seconds, all };
}

/** Fills in the defaults: the instance's word, then that of global_defs, then keepalived's own. */
export function resolveGarp(own: GarpSettings, globals: GarpSettings): AnnouncementConfig {
  const delay = own.masterDelay ?? globals.masterDelay ?? 5;
  const repeat = own.masterRepeat ?? globals.masterRepeat ?? 5;
  const extra = own.extra ?? globals.extra;
  return {
    delayUs: delay * 1_000_000,
    repeat,
    refreshUs: (own.masterRefresh ?? globals.masterRefresh ?? 0) * 1_000_000,
    refreshRepeat: own.masterRefreshRepeat ?? globals.masterRefreshRepeat ?? 1,
    lowerPrioDelayUs: (own.lowerPrioDelay ?? globals.lowerPrioDelay ?? globals.masterDelay ?? 5) * 1_000_000,
    lowerPrioRepeat: own.lowerPrioRepeat ?? globals.lowerPrioRepeat ?? globals.masterRepeat ?? 5,
    ...(extra !== undefined &&
      extra.seconds > 0 && { extra: { intervalUs: extra.seconds * 1_000_000, all: extra.all } }),
  };
}
