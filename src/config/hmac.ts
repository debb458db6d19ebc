// auth_hmac: the keys that sign adverts (keepalived 2.4).
import type { HmacConfig } from '../vrrp/config.ts';
import type { InstanceDraft } from './instance-draft.ts';
import type { Report } from './report.ts';
import type { Statement, Word } from './statement.ts';
import { didYouMean, readInteger } from './values.ts';

const MODES = ['enforce', 'permissive', 'receive-only'] as const;
const ANTI_REPLAY = ['time', 'monotonic'] as const;
const KEY_BYTES = { min: 32, max: 64 };
const WINDOW = { min: 1, max: 300 };
/** keepalived's default is three intervals, but not less than this. */
const SHORTEST_WINDOW = 5;

export interface HmacDraft {
  readonly at: Word;
  readonly keys: Map<number, string>;
  active?: { readonly id: number; readonly at: Word };
  window?: number;
  antiReplay?: HmacConfig['antiReplay'];
  mode?: HmacConfig['mode'];
}

/** Reads the block. */
export function readHmac(statement: Statement, draft: InstanceDraft, { report }: { readonly report: Report }): void {
  const hmac: HmacDraft = { at: statement.keyword, keys: new Map() };
  draft.hmac = hmac;
  for (const { known, words } of statement.statements) {
    const [word, value] = words;
    if (word === undefined) continue;
    if (known.name === 'key') readKey(word, value, hmac, report);
    else if (known.name === 'active_key') {
      const id = readInteger(word, 'active_key', { min: 1, max: 255 }, 'the line is ignored', report);
      if (id !== undefined) hmac.active = { id, at: word };
    } else if (known.name === 'time_window') {
      const seconds = readInteger(word, 'time_window', WINDOW, 'the line is ignored', report);
      if (seconds !== undefined) hmac.window = seconds;
    } else if (known.name === 'anti_replay') {
      const found = oneOf(word, ANTI_REPLAY, 'anti_replay', report);
      if (found !== undefined) hmac.antiReplay = found;
    } else if (known.name === 'mode') {
      const found = oneOf(word, MODES, 'mode', report);
      if (found !== undefined) hmac.mode = found;
    }
  }
}

function oneOf<T extends string>(word: Word, words: readonly T[], what: string, report: Report): T | undefined {
  const found = words.find((each) => each === word.text);
  if (found === undefined) {
    report.error('invalid-value', word, `${what} is one of ${words.join(', ')}: the line is ignored`, {
      hint: () => didYouMean(word.text, words),
    });
  }
  return found;
}

/** `ID VALUE`, `ID hex:DIGITS`; `ID file:PATH` is not read. The word never stands in a finding. */
function readKey(word: Word, value: Word | undefined, { keys }: HmacDraft, report: Report): void {
  const id = readInteger(word, 'the number of a key', { min: 1, max: 255 }, 'the key is ignored', report);
  if (id === undefined) return;
  if (value === undefined) return report.error('missing-value', word, 'the key has no value: it is ignored');
  if (keys.has(id)) return report.error('duplicate', word, `key ${id} is there already: this one is ignored`);
  if (value.text.startsWith('file:')) {
    const message = 'a key from a file is not yet supported: adverts would not be signed with it';
    return report.info('not-yet-supported', value, message, { blocking: true });
  }
  const hex = hexOf(value.text);
  const bytes = (hex?.length ?? 0) / 2;
  if (hex === undefined) report.error('invalid-value', value, 'hex: takes pairs of hexadecimal digits: it is ignored');
  else if (bytes < KEY_BYTES.min || bytes > KEY_BYTES.max) {
    const message = `a key has ${KEY_BYTES.min} to ${KEY_BYTES.max} bytes, this one ${bytes}: it is ignored`;
    report.error('out-of-range', value, message);
  } else keys.set(id, hex);
}

function hexOf(text: string): string | undefined {
  if (!text.startsWith('hex:')) {
    return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  const digits = text.slice('hex:'.length).toLowerCase();
  return /^(?:[0-9a-f]{2})*$/.test(digits) ? digits : undefined;
}

/** Undefined (and reported) when no key is good: then the instance must not run, for nobody would check it. */
export function completeHmac(
  draft: HmacDraft,
  { advertIntervalUs, strict }: { readonly advertIntervalUs: number; readonly strict: boolean },
  report: Report,
): HmacConfig | undefined {
  const ids = [...draft.keys.keys()].sort((a, b) => a - b);
  const activeKey = draft.active?.id ?? ids[0];
  if (activeKey === undefined || !draft.keys.has(activeKey)) {
    const what = draft.active === undefined ? 'auth_hmac has no good key' : `there is no key ${draft.active.id}`;
    report.fatalError('invalid-value', draft.active?.at ?? draft.at, `${what}: the instance cannot run`);
    return undefined;
  }
  const wanted = draft.mode ?? 'enforce';
  if (strict && wanted !== 'enforce') report.warning('no-effect', draft.at, 'strict mode: auth_hmac is enforced');
  return {
    keys: ids.map((id) => ({ id, hex: draft.keys.get(id)! })),
    activeKey,
    windowSeconds: draft.window ?? Math.max(SHORTEST_WINDOW, Math.ceil((3 * advertIntervalUs) / 1_000_000)),
    antiReplay: draft.antiReplay ?? 'time',
    mode: strict ? 'enforce' : wanted,
  };
}
