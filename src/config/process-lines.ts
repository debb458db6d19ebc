// What global_defs and the outermost level say about the process itself: its scripts, its place among the processes of
// the host, its files.
import type { DumpConfig, LifeScript, ProcessConfig } from '../engine/config.ts';
import { readCommand, type ScriptUser } from './commands.ts';
import type { Report } from './report.ts';
import type { Statement, Word } from './statement.ts';
import { readInteger, readSwitch } from './values.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

export interface ProcessDraft {
  readonly process: Writable<ProcessConfig>;
  readonly dumps: Writable<DumpConfig>;
  startup?: LifeScript;
  shutdown?: LifeScript;
  startupTimeoutUs?: number;
  shutdownTimeoutUs?: number;
}

interface Context {
  readonly draft: ProcessDraft;
  readonly scriptUser: ScriptUser | undefined;
  readonly report: Report;
}

type Reader = (statement: Statement, context: Context) => void;

const SCRIPT_TIMEOUT_US = 10_000_000;
/** Bytes of a process name in the kernel. */
const MAX_PROCESS_NAME = 15;
const MAX_CPU = 1023;
/** keepalived's, in the folder of its pid files. */
const RELOAD_FILE = '/run/keepalived.reload';

/** Reads one line; false when it says nothing about the process. */
export function readProcessLine(statement: Statement, context: Context): boolean {
  const reader = Object.hasOwn(READERS, statement.known.name) ? READERS[statement.known.name] : undefined;
  reader?.(statement, context);
  return reader !== undefined;
}

/** What was read, with the time limits of the scripts; empty parts are left out. */
export function completeProcess(draft: ProcessDraft): {
  readonly process?: ProcessConfig;
  readonly dumps?: DumpConfig;
} {
  const { process, dumps, startup, shutdown, startupTimeoutUs, shutdownTimeoutUs } = draft;
  if (startup !== undefined) process.startup = { ...startup, timeoutUs: startupTimeoutUs ?? startup.timeoutUs };
  if (shutdown !== undefined) process.shutdown = { ...shutdown, timeoutUs: shutdownTimeoutUs ?? shutdown.timeoutUs };
  return {
    ...(Object.keys(process).length > 0 && { process }),
    ...(Object.keys(dumps).length > 0 && { dumps }),
  };
}

function lifeScript(key: 'startup' | 'shutdown'): Reader {
  return (statement, { draft, scriptUser, report }) => {
    if (draft[key] !== undefined) {
      report.error('duplicate', statement.keyword, `${statement.known.name} was given before: this line is ignored`);
      return;
    }
    const command = readCommand(statement, scriptUser, report);
    if (command !== undefined) draft[key] = { command, timeoutUs: SCRIPT_TIMEOUT_US };
  };
}

function timeout(key: 'startupTimeoutUs' | 'shutdownTimeoutUs'): Reader {
  return ({ words: [word], known }, { draft, report }) => {
    if (word === undefined) return;
    const seconds = readInteger(word, known.name, { min: 1, max: 1000 }, 'the line is ignored', report);
    if (seconds !== undefined) draft[key] = seconds * 1_000_000;
  };
}

function text(key: 'dataFile' | 'statsFile' | 'jsonFile'): Reader {
  return ({ words: [word] }, { draft }) => {
    if (word !== undefined) draft.dumps[key] = word.text;
  };
}

const READERS: Readonly<Record<string, Reader>> = {
  net_namespace: ({ words: [name] }, { draft }) => {
    if (name !== undefined) draft.process.netNamespace = name.text;
  },
  instance: ({ words: [name] }, { draft }) => {
    if (name !== undefined) draft.process.instanceName = name.text;
  },
  startup_script: lifeScript('startup'),
  shutdown_script: lifeScript('shutdown'),
  startup_script_timeout: timeout('startupTimeoutUs'),
  shutdown_script_timeout: timeout('shutdownTimeoutUs'),
  vrrp_process_name: ({ words: [name] }, { draft, report }) => {
    if (name === undefined) return;
    if (name.text.length > MAX_PROCESS_NAME) {
      report.error('cut-short', name, `a process name has at most ${MAX_PROCESS_NAME} characters: it is cut`);
    }
    draft.process.name = name.text.slice(0, MAX_PROCESS_NAME);
  },
  vrrp_priority: ({ words: [word] }, { draft, report }) => {
    if (word === undefined) return;
    const value = readInteger(word, 'vrrp_priority', { min: -20, max: 19 }, 'the line is ignored', report);
    if (value !== undefined) draft.process.nice = value;
  },
  vrrp_rt_priority: ({ words: [word] }, { draft, report }) => {
    if (word === undefined) return;
    const value = readInteger(word, 'vrrp_rt_priority', { min: 0, max: 2_147_483_647 }, 'the line is ignored', report);
    if (value === undefined) return;
    if (value < 1 || value > 99) report.warning('out-of-range', word, 'a real-time priority is 1 to 99: it is set so');
    draft.process.realTimePriority = Math.min(99, Math.max(1, value));
  },
  vrrp_cpu_affinity: ({ words }, { draft, report }) => {
    const range = { min: 0, max: MAX_CPU };
    const cpus = words.map((word) => readInteger(word, 'the number of a CPU', range, 'it is ignored', report));
    const known = cpus.filter((cpu) => cpu !== undefined);
    if (known.length > 0) draft.process.cpus = known;
  },
  umask: ({ words }, { draft, report }) => {
    const [first] = words;
    if (first === undefined) return;
    const value = readUmask(words, report);
    if (value !== undefined) draft.process.umask = value;
  },
  reload_time_file: ({ words: [path] }, { draft }) => {
    if (path !== undefined) draft.process.reloadTimeFile = path.text;
  },
  reload_repeat: (_, { draft }) => {
    draft.process.reloadRepeat = true;
  },
  reload_file: ({ words: [path] }, { draft }) => {
    draft.process.reloadFile = path?.text ?? RELOAD_FILE;
  },
  data_use_instance: (statement, { draft, report }) => {
    const value = readSwitch(statement, report);
    if (value !== undefined) draft.dumps.useInstance = value;
  },
  json_version: ({ words: [word] }, { draft, report }) => {
    if (word === undefined) return;
    const value = readInteger(word, 'json_version', { min: 1, max: 2 }, 'the line is ignored', report);
    if (value !== undefined) draft.dumps.jsonVersion = value === 2 ? 2 : 1;
  },
  state_dump_file: text('dataFile'),
  stats_dump_file: text('statsFile'),
  json_dump_file: text('jsonFile'),
};

const WHO = ['USR', 'GRP', 'OTH'];
const MAY = ['R', 'W', 'X'];

/** A number as in C, or bits (`IRGRP | IWOTH`) with or without blanks around the bar. */
function readUmask(words: readonly Word[], report: Report): number | undefined {
  const [first] = words;
  const joined = words.map(({ text }) => text).join('');
  const extra = /^\d/.test(joined) ? words[1] : undefined;
  if (extra !== undefined) report.error('extra-words', extra, 'a umask is one number: this is ignored');
  if (/^\d/.test(joined)) {
    const { text } = first!;
    const value = /^0[0-7]*$/.test(text) ? Number.parseInt(text, 8) : Number(text);
    if (value >= 0 && value <= 0o777 && !/^0\d*[89]/.test(text)) return value;
    report.error('invalid-number', first!, 'a umask is 0 to 0777; the line is ignored');
    return undefined;
  }
  let mask = 0;
  for (const bit of joined.split('|')) {
    const value = bitOf(bit);
    if (value === undefined) {
      const message = `'${bit.slice(0, 64)}' is no bit of a umask; the line is ignored`;
      report.error('invalid-value', first!, message, { hint: 'as in IWGRP|IWOTH' });
      return undefined;
    }
    mask |= value;
  }
  return mask;
}

function bitOf(bit: string): number | undefined {
  const [, may, who] = /^I([RWX])(USR|GRP|OTH)$/.exec(bit) ?? [];
  if (may === undefined || who === undefined) return undefined;
  return (4 >> MAY.indexOf(may)) << (6 - 3 * WHO.indexOf(who));
}
