// `kavtui explain ID|TEXT`: the page of a finding, or of the findings that a line of keepalived's log speaks of.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripControl } from '../wire/text.ts';
import { DONE, FAILED } from './exit-codes.ts';

const PAGES = fileURLToPath(new URL('../../docs/findings/', import.meta.url));
const LOGS = '## What keepalived logs';
/** Shorter pieces of a log line are in too many of them. */
const SHORTEST = 8;

export interface Page {
  /** `D01`. */
  readonly id: string;
  readonly text: string;
  /** Lines of the log as keepalived's source has them, `%s` and all. */
  readonly logs: readonly string[];
}

/** All pages, in the order of their ids. */
export function readPages(folder: string = PAGES): Page[] {
  const names = readdirSync(folder).filter((name) => /^D\d+\.md$/.test(name));
  return names.sort().map((name) => {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    const [, logs = ''] = text.split(LOGS);
    return { id: name.slice(0, -3), text, logs: Array.from(logs.matchAll(/^- `(.+)`$/gm), (match) => match[1]!) };
  });
}

/**
 * The page with that id; else the pages with a log line that `text` holds, or is a piece of: only those of the longest such
 * line.
 */
export function findPages(pages: readonly Page[], text: string): Page[] {
  const wanted = text.trim();
  const page = pages.find(({ id }) => id === wanted.toUpperCase());
  if (page !== undefined) return [page];
  const found = pages.flatMap((each) => each.logs.filter((log) => speaksOf(log, wanted)).map((log) => ({ each, log })));
  const longest = Math.max(...found.map(({ log }) => log.length));
  return found.filter(({ log }) => log.length === longest).map(({ each }) => each);
}

/** What stands in the place of `%d`, `%s`, ... may be anything. */
function speaksOf(log: string, text: string): boolean {
  if (text.length >= SHORTEST && log.toLowerCase().includes(text.toLowerCase())) return true;
  // The name of the instance in front depends on the version.
  const parts = log.replace(/^\(%s\):? /, '').split(/%[-+ 0-9.]*(?:ll|l|z|h)?[a-z]/);
  return holdsInOrder(
    text.toLowerCase(),
    parts.map((part) => part.toLowerCase()),
  );
}

function holdsInOrder(text: string, parts: readonly string[]): boolean {
  let at = 0;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

/** Writes what is found; returns the exit code. */
export function explain(words: readonly string[], write: { out(text: string): void; err(text: string): void }): number {
  const pages = readPages();
  const text = words.join(' ');
  const found = findPages(pages, text);
  for (const page of found) write.out(`${page.text}\n`);
  if (found.length > 0) return DONE;
  const titles = pages.map(({ text: page }) => page.split('\n', 1)[0]!.replace(/^# /, '  ')).join('\n');
  write.err(`kavtui: nothing is known of ${stripControl(JSON.stringify(text))}; what there is:\n${titles}\n`);
  return FAILED;
}
