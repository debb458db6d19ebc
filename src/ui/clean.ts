// The one gate for text from outside: everything a session delivers goes through here before any view sees it.
import type { InstanceSnapshot } from '../engine/snapshot.ts';
import type { ToScreen } from '../session/messages.ts';
import { stripControl } from '../wire/text.ts';

const PLAIN = /^[\x20-\x7e]*$/;
/** What takes no cell of its own or has no agreed width: combining marks, format, private, unassigned, surrogates. */
const UNSTEADY = /[\p{M}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu;

/**
 * Terminals disagree whether these take one cell or two: a column behind one would stand elsewhere on each. Emoji, hangul
 * fillers and old hangul, some brackets and signs, and the whole plane of emoji, historic scripts and symbols.
 */
const DISPUTED =
  /[\p{Emoji_Presentation}\u115f-\u11ff\ud7b0-\ud7ff\u2329\u232a\u2630-\u2637\u268a-\u268f\u3164\u3248-\u324f\ua960-\ua97f\ufe10-\ufe19\uffa0\u{10000}-\u{1ffff}]/gu;

/** The text as one line of characters of known width, without anything that a terminal would obey. */
export function cleanText(text: string): string {
  return PLAIN.test(text) ? text : stripControl(text).replace(UNSTEADY, '').replace(DISPUTED, '?');
}

/**
 * Plain data in which every string, keys included, is clean: the same value where it was clean already (nearly always, and
 * ten times a second), else a copy. Bytes stay what they are: who draws them cleans.
 */
export function clean<T>(value: T): T {
  return walk(value) as T;
}

/** `clean` for what a session delivers: an instance that is the same object as in the update before is not looked at again. */
export function createCleaner(): (message: ToScreen) => ToScreen {
  let known: ReadonlyMap<InstanceSnapshot, InstanceSnapshot> = new Map();
  return (message) => {
    if (message.type !== 'update') return clean(message);
    const { snapshot, ...rest } = message;
    const { instances, ...frame } = snapshot;
    known = new Map(instances.map((instance) => [instance, known.get(instance) ?? clean(instance)]));
    return {
      ...clean(rest),
      snapshot: { ...clean(frame), instances: instances.map((instance) => known.get(instance)!) },
    };
  };
}

function walk(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  return Array.isArray(value) ? walkArray(value) : walkObject(value as Readonly<Record<string, unknown>>);
}

function walkArray(array: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [i, item] of array.entries()) {
    const cleaned = walk(item);
    if (cleaned === item) continue;
    copy ??= [...array];
    copy[i] = cleaned;
  }
  return copy ?? array;
}

function walkObject(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let changed = false;
  const entries: [string, unknown][] = [];
  for (const key in object) {
    const value = object[key];
    const cleaned = walk(value);
    const name = cleanText(key);
    changed ||= cleaned !== value || name !== key;
    entries.push([name, cleaned]);
  }
  return changed ? Object.fromEntries(entries) : object;
}
