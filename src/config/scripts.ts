// vrrp_script blocks: a command, how often it runs and what its result is worth.
import type { ScriptConfig } from '../engine/config.ts';
import type { Command } from '../vrrp/config.ts';
import { readCommand, type ScriptUser } from './commands.ts';
import type { ReadContext } from './instance-draft.ts';
import { judgeUser } from './judge-host.ts';
import type { Report } from './report.ts';
import type { Statement } from './statement.ts';
import { didYouMean, leadingInteger, readInteger, readSeconds } from './values.ts';

const MAX_SECONDS = 4294;
const MAX_COUNT = 2_147_483_647;

interface Draft {
  command?: Command;
  intervalUs: number;
  timeoutUs: number;
  weight: number;
  reverse: boolean;
  rise: number;
  fall: number;
  user?: ScriptUser;
  initFail: boolean;
}

/** Resolves one vrrp_script block; undefined when it has no name or nothing to run. */
export function resolveScript(
  block: Statement,
  { scriptUser: fallback, noUser, host, report }: ReadContext,
): ScriptConfig | undefined {
  const name = block.words[0];
  if (name === undefined) {
    report.error('missing-word', block.keyword, 'vrrp_script needs a name after it');
    return undefined;
  }
  const draft: Draft = {
    intervalUs: 1_000_000,
    timeoutUs: 0,
    weight: 0,
    reverse: false,
    rise: 1,
    fall: 1,
    initFail: false,
  };
  for (const statement of block.statements) HANDLERS[statement.known.name]?.(statement, draft, report);
  if (draft.command === undefined) {
    // A script line with a broken quote has been reported; then this would only repeat it.
    const line = block.statements.find((statement) => statement.known.name === 'script');
    if (line === undefined || !line.garbled) {
      report.atEnd('error', 'missing-script', block, `vrrp_script ${name.text} has nothing to run; it is left out`);
    }
    return undefined;
  }
  const ownUser = block.statements.find((statement) => statement.known.name === 'user');
  if (ownUser === undefined ? noUser : !judgeUser(ownUser.words, host, report)) {
    const message = `vrrp_script ${name.text} has no user to run as on this host; it is left out`;
    if (ownUser === undefined) report.atEnd('error', 'no-such-user', block, message);
    report.noteSaid('no-such-user');
    return undefined;
  }
  const { command, user, ...rest } = draft;
  return {
    name: name.text,
    command: { ...command, ...(user ?? fallback) },
    ...rest,
    timeoutUs: draft.timeoutUs || draft.intervalUs,
  };
}

type Handler = (statement: Statement, draft: Draft, report: Report) => void;

const HANDLERS: Readonly<Record<string, Handler>> = {
  script: (statement, draft, report) => {
    const command = readCommand(statement, undefined, report);
    if (command !== undefined) draft.command = command;
  },
  interval: (statement, draft, report) => {
    draft.intervalUs = readDuration(statement, 'the interval stays as it was', report) ?? draft.intervalUs;
  },
  timeout: (statement, draft, report) => {
    draft.timeoutUs = readDuration(statement, 'the timeout stays as it was', report) ?? draft.timeoutUs;
  },
  weight: (statement, draft, report) => {
    const [word, option] = statement.words;
    if (word === undefined) return;
    const read = readInteger(word, 'weight', { min: -253, max: 253 }, 'what it begins with is used', report);
    const weight = read ?? leadingInteger(word) ?? Number(word.text);
    draft.weight = weight;
    draft.reverse = option?.text === 'reverse';
    if (option !== undefined && option.text !== 'reverse' && option.text !== 'noreverse') {
      report.error('unknown-option', option, "after the weight only 'reverse' may follow", {
        hint: () => didYouMean(option.text, ['reverse']),
      });
    }
  },
  rise: (statement, draft, report) => {
    draft.rise = readCount(statement, report);
  },
  fall: (statement, draft, report) => {
    draft.fall = readCount(statement, report);
  },
  user: (statement, draft) => {
    const [user, group] = statement.words;
    if (user !== undefined) draft.user = { user: user.text, ...(group === undefined ? {} : { group: group.text }) };
  },
  init_fail: (_, draft) => {
    draft.initFail = true;
  },
};

/** Seconds of `interval` or `timeout`; 0 is taken for 1. */
function readDuration(statement: Statement, instead: string, report: Report): number | undefined {
  const word = statement.words[0];
  if (word === undefined) return undefined;
  const duration = readSeconds(word, statement.keyword.text, { min: 0, max: MAX_SECONDS }, instead, report);
  // keepalived reports the word and goes on with the digits that it begins with.
  if (duration === undefined && !word.text.startsWith('-')) {
    const leading = leadingInteger(word);
    return leading === undefined || leading > MAX_SECONDS ? undefined : Math.max(1, leading) * 1_000_000;
  }
  if (duration !== undefined && duration % 1_000_000 !== 0) {
    const message = `${statement.keyword.text}: keepalived up to 2.2.7 takes whole seconds only, and ignores this line`;
    report.warning('invalid-number', word, message);
  }
  if (duration !== 0) return duration;
  report.warning('out-of-range', word, `${statement.keyword.text} has to be more than 0; 1 second is used`);
  return 1_000_000;
}

function readCount(statement: Statement, report: Report): number {
  const word = statement.words[0];
  if (word === undefined) return 1;
  const count = readInteger(word, statement.keyword.text, { min: 1, max: MAX_COUNT }, '1 is used', report);
  return count ?? (leadingInteger(word) || 1);
}
