// `include` and its stricter forms (lexer.md §9): which files, and what it means when there is none.
import { type LogicalLine, spanOf } from './logical-line.ts';
import type { ParseOptions } from './options.ts';
import type { Report } from './report.ts';

export interface IncludeLine {
  readonly line: LogicalLine;
  readonly keyword: string;
  readonly pattern: string;
}

export interface IncludedFile {
  readonly path: string;
  readonly text: string;
  readonly directory: string;
}

export type IncludeCheck = 'read' | 'match' | 'wildcard' | 'brace';

const CHECKS: Readonly<Record<string, IncludeCheck>> = {
  read: 'read',
  match: 'match',
  wildcard_match: 'wildcard',
  brace_match: 'brace',
};

/** `include_check [[+|-]CHECK …]` of global_defs: what all includes insist on from here to the end of the file. Words that are no check are judged elsewhere. */
export function readIncludeCheck({ text }: LogicalLine, before: readonly IncludeCheck[]): readonly IncludeCheck[] {
  const words = text.split(/[ \t]+/).slice(1);
  if (words.length === 0) return Object.values(CHECKS);
  const checks = new Set<IncludeCheck>(/^[+-]/.test(words[0]!) ? before : []);
  for (const word of words) {
    const check = CHECKS[word.replace(/^[+-]/, '')];
    if (check === undefined) continue;
    if (word.startsWith('-')) checks.delete(check);
    else checks.add(check);
  }
  // Whoever insists on a match insists on reading it.
  return checks.size > 0 ? [...checks, 'read'] : [];
}

/** What each form insists on: that matches can be read, that a plain, wildcard or brace pattern matches something. */
const POLICY: Readonly<Record<string, readonly IncludeCheck[]>> = {
  include: [],
  includer: ['read'],
  includem: ['read', 'match'],
  includew: ['read', 'match', 'wildcard'],
  includeb: ['read', 'brace'],
  includea: ['read', 'match', 'wildcard', 'brace'],
};

/** The files of one include line, read one by one; `count` gets how many match. What cannot be read is skipped and said. */
export function* readInclude(
  { line, keyword, pattern }: IncludeLine,
  { directory, checks }: { readonly directory: string; readonly checks: { readonly current: readonly IncludeCheck[] } },
  { files }: ParseOptions,
  report: Report,
  count: (matches: number) => void,
): Generator<IncludedFile> {
  const span = spanOf(line, 0, line.text.length);
  if (files === undefined) {
    report.info('not-yet-supported', span, `${keyword}: included files are not read here`, { blocking: true });
    report.unjudged = true;
    return;
  }
  const policy = [...POLICY[keyword]!, ...checks.current];
  const complain = (code: 'missing-file' | 'unreadable-file', message: string, strict: boolean) => {
    if (strict) report.strictInclude(code, span, `${message}; ${keyword} makes that an error here`);
    else report.info(code, span, message);
  };
  const matches = files.list(pattern, directory);
  count(matches.length);
  if (matches.length === 0) {
    const kind = pattern.includes('{') ? 'brace' : /[*?[]/.test(pattern) ? 'wildcard' : 'match';
    const quoted = pattern.startsWith('"') ? ' (quotes and blanks belong to the name)' : '';
    complain('missing-file', `no file matches ${pattern}${quoted}`, policy.includes(kind));
  }
  for (const { path, kind } of matches) {
    const read = kind === 'file' ? files.read(path) : undefined;
    if (read !== undefined) yield { path, ...read };
    else complain('unreadable-file', `${path} ${WHY[kind]}: it is skipped`, policy.includes('read'));
  }
}

const WHY = {
  file: 'cannot be read',
  directory: 'is a directory',
  irregular: 'is not a regular file',
  executable: 'has an execute bit, which no configuration file may have',
} as const;
