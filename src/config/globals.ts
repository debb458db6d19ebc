// The block global_defs: what it says about scripts, versions and announcements.
import type { GlobalConfig } from '../engine/config.ts';
import type { ScriptUser } from './commands.ts';
import { type GarpSettings, isGarpKeyword, readGarp } from './garp.ts';
import type { Report } from './report.ts';
import { isSupported, reportUnsupported } from './support.ts';
import type { Statement } from './tree.ts';
import { readInteger, readSwitch } from './values.ts';

/** The globals, and the announcement defaults that instances take over. */
export interface Globals {
  readonly config: GlobalConfig;
  readonly garp: GarpSettings;
}

interface Draft {
  routerId?: string;
  scriptUser?: ScriptUser;
  enableScriptSecurity: boolean;
  defaultInterface: string;
  checkerLogAllFailures: boolean;
  vrrpVersion: 2 | 3;
  vrrpIptables?: { readonly inChain: string; readonly outChain: string };
  readonly garp: GarpSettings;
}

/** Resolves every global_defs block of the file; they add up, and hold wherever they stand. */
export function resolveGlobals(statements: readonly Statement[], report: Report): Globals {
  const draft: Draft = {
    enableScriptSecurity: false,
    defaultInterface: 'eth0',
    checkerLogAllFailures: false,
    vrrpVersion: 2,
    garp: {},
  };
  for (const block of statements) {
    if (block.known.name !== 'global_defs') continue;
    for (const statement of block.statements) {
      if (!isSupported(statement)) reportUnsupported(statement, report);
      else if (isGarpKeyword(statement)) readGarp(statement, draft.garp, report);
      else HANDLERS[statement.known.name]?.(statement, draft, report);
    }
  }
  const { garp, ...config } = draft;
  return { config, garp };
}

type Handler = (statement: Statement, draft: Draft, report: Report) => void;

const HANDLERS: Readonly<Record<string, Handler>> = {
  router_id: ({ words: [name] }, draft) => {
    if (name !== undefined) draft.routerId = name.text;
  },
  script_user: ({ words: [user, group] }, draft) => {
    if (user === undefined) return;
    draft.scriptUser = { user: user.text, ...(group === undefined ? {} : { group: group.text }) };
  },
  enable_script_security: (_, draft) => {
    draft.enableScriptSecurity = true;
  },
  default_interface: ({ words: [name] }, draft) => {
    if (name !== undefined) draft.defaultInterface = name.text;
  },
  checker_log_all_failures: (statement, draft, report) => {
    draft.checkerLogAllFailures = readSwitch(statement, report) ?? draft.checkerLogAllFailures;
  },
  vrrp_version: (statement, draft, report) => {
    const word = statement.words[0];
    if (word === undefined) return;
    const version = readInteger(word, 'vrrp_version', { min: 2, max: 3 }, 'version 2 is used', report);
    if (version !== undefined) draft.vrrpVersion = version === 2 ? 2 : 3;
  },
  vrrp_iptables: (statement, draft, report) => {
    const [inChain, outChain] = statement.words;
    draft.vrrpIptables = { inChain: inChain?.text ?? 'INPUT', outChain: outChain?.text ?? 'OUTPUT' };
    const message = 'vrrp_iptables: keepalived as packaged today is built without iptables and uses nftables';
    report.warning('deprecated', statement.keyword, message, { hint: "write 'nftables' in place of it" });
  },
};
