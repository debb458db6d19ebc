// `kavtui explain ID|TEXT|-`: the page of a finding; or what lines of a log mean, where to look, and their pages.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bareLine, explainLog, isLog, type LogMeaning, nearestLogs, searchLogs } from '../judge/explain-log.ts';
import { stripControl } from '../wire/text.ts';
import { DONE, FAILED } from './exit-codes.ts';

const LOGS = '## What keepalived logs';
const PAGES = fileURLToPath(new URL('../../docs/findings/', import.meta.url));
/** Of a piece that is in many texts. */
const PIECES = 5;

export interface Page {
  /** `D01`. */
  readonly id: string;
  readonly text: string;
  /** What it is called, without the id. */
  readonly title: string;
  /** Lines of the log that it speaks of, as keepalived's source has them, `%s` and all. */
  readonly logs: readonly string[];
}

interface Write {
  out(text: string): void;
  err(text: string): void;
}

/** All pages, in the order of their ids. */
export function readPages(folder: string = PAGES): Page[] {
  const names = readdirSync(folder).filter((name) => /^D\d+\.md$/.test(name));
  return names.sort().map((name) => {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    const title = text.split('\n', 1)[0]!.replace(/^# D\d+: /, '');
    const [, logs = ''] = text.split(LOGS);
    return {
      id: name.slice(0, -3),
      text,
      title,
      logs: Array.from(logs.matchAll(/^- `(.+)`$/gm), (match) => match[1]!),
    };
  });
}

/** Writes what is found; returns the exit code. `-` explains each line of `input`. */
export function explain(
  words: readonly string[],
  write: Write,
  input: () => string = () => readFileSync(0, 'utf8'),
): number {
  const pages = readPages();
  const text = words.join(' ').trim();
  if (text === '-') return explainLines(input().split('\n'), pages, write);
  const page = pages.find(({ id }) => id === text.toUpperCase());
  if (page !== undefined) {
    write.out(`${page.text}\n`);
    return DONE;
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 1 ? explainLines(lines, pages, write) : explainOne(text, pages, write);
}

function explainOne(text: string, pages: readonly Page[], write: Write): number {
  const whole = explainLog(text);
  const meanings = whole === undefined ? searchLogs(text).slice(0, PIECES) : [whole];
  const ids = new Set(meanings.map(({ entry }) => entry.finding));
  const spoken = pages.filter(({ id, logs }) => ids.has(id) || logs.some((log) => isLog(text, log)));
  for (const meaning of meanings) write.out(`${meaningLines(meaning).join('\n')}\n\n`);
  for (const page of spoken) write.out(`${page.text}\n`);
  if (meanings.length + spoken.length > 0) return DONE;
  const near = nearestLogs(text).map((log) => `  did you mean: ${log}\n`);
  const titles = pages.map(({ id, title }) => `  ${id}: ${title}\n`);
  const what = near.length > 0 ? `\n${near.join('')}` : ` what there is:\n${titles.join('')}`;
  write.err(`kavtui: nothing is known of ${stripControl(JSON.stringify(text))};${what}`);
  return FAILED;
}

/** Each line with what it means under it; what was said once is not said again. */
function explainLines(lines: readonly string[], pages: readonly Page[], write: Write): number {
  const told = new Set<unknown>();
  for (const line of lines) {
    const text = stripControl(line).trim();
    if (text === '' || bareLine(text) === '') continue;
    const meaning = explainLog(text);
    write.out(`${text}\n`);
    if (meaning === undefined) write.out(unknownLines(text));
    else if (told.has(meaning.entry)) write.out('  as above\n');
    else write.out(`${[...factLines(meaning), ...pageLine(meaning, pages)].join('\n')}\n`);
    if (meaning !== undefined) told.add(meaning.entry);
  }
  return told.size > 0 ? DONE : FAILED;
}

function unknownLines(text: string): string {
  const near = nearestLogs(text, 1).map((log) => `; did you mean: ${log}`);
  return `  not known${near.join('')}\n`;
}

function meaningLines(meaning: LogMeaning): string[] {
  const { log, instance } = meaning;
  return [`${log}${instance === undefined ? '' : ` (instance ${stripControl(instance)})`}`, ...factLines(meaning)];
}

function factLines({ entry: { level, means, look } }: LogMeaning): string[] {
  return [`  ${level.padEnd(8)} ${means}`, `  look     ${look}`];
}

function pageLine({ entry: { finding } }: LogMeaning, pages: readonly Page[]): string[] {
  const page = pages.find(({ id }) => id === finding);
  return page === undefined ? [] : [`  page     ${page.id}: ${page.title} (kavtui explain ${page.id})`];
}
