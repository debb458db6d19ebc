// The configurations that people really wrote, with keepalived's verdict and what it understood. They stay outside the
// project: the tests that need them are skipped where they are not.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus');

export const corpusIsHere = existsSync(CORPUS);

export interface Sample {
  readonly name: string;
  readonly text: string;
  /** Exit status of `keepalived -t` 2.2.7 with all interfaces present. */
  readonly exit: number;
  /** What it printed. */
  readonly messages: readonly string[];
  /** What it resolved (its dump): instance name to label to value. */
  readonly understood: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** All samples; none where the corpus is not there. */
export function readCorpus(): readonly Sample[] {
  return corpusIsHere ? ['published', 'issues'].flatMap(readFolder) : [];
}

function readFolder(folder: string): Sample[] {
  const read = (name: string) => readFileSync(join(CORPUS, folder, name), 'utf8');
  const understood = JSON.parse(read('understood.json'));
  return read('results.tsv')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => {
      const [id, file, , exit] = row.split('\t');
      const messages = read(`${id}.keepalived-t.txt`).split('\n').filter(Boolean);
      const instances = understood[id!]?.instances ?? {};
      return { name: `${folder}/${id}`, text: read(file!), exit: Number(exit), messages, understood: instances };
    });
}

/** Includes cannot be read here, and conditions depend on the host, so that a verdict on the rest means little. */
const DIRECTIVES = /^[ \t]*(?:include[rmwba]?[ \t]+\S|@\S+)|\$\{_/m;

export function usesDirectives(sample: Sample): boolean {
  return DIRECTIVES.test(sample.text);
}

/** Messages about the host it ran on: scripts, users, interfaces, files. */
const OF_THE_HOST = [
  /SECURITY VIOLATION/,
  /Disabling track script/,
  /[Uu]nable to set/,
  /Error setting global script uid/,
  /Failed to set uid/,
  /doesn't exist$/,
  /^Non-existent interface/,
  /No config files matched/,
];

/** The verdict less what depends on the host. */
export function verdictWithoutHost({ exit, messages }: Sample): number {
  if (exit !== 5 && exit !== 6) return exit;
  return messages.every((message) => OF_THE_HOST.some((pattern) => pattern.test(message))) ? 0 : 5;
}
