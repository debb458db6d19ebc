// How near our reading of published configurations is to keepalived's: verdicts, lines named, values resolved.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HostFacts, readHostFacts } from '../../src/config/host-facts.ts';
import { type ParseResult, parseConfig } from '../../src/config/parse-config.ts';
import { type Dump, dumpInstance, dumpNotify, dumpScript } from './dumped.ts';

interface Sample {
  readonly name: string;
  readonly text: string;
  readonly exit: number;
  readonly lines: ReadonlySet<number>;
  readonly host: HostFacts;
  readonly understood: Understood | undefined;
}

interface Understood {
  readonly instances?: Readonly<Record<string, Dump>>;
  readonly scripts?: Readonly<Record<string, Dump>>;
  readonly sync_groups?: Readonly<Record<string, Dump>>;
}

/** Facts of the host keepalived ran on, its run state, or texts that only its dump has. */
const NOT_SCORED =
  /is_up|ifindex|^Using src_ip$|^_other$|^Number of config faults$|^Multicast address|^state$|^Status$|^State$|^Result$|^Init state$|^Insecure$|^Script uid:gid$/;

/** Prints every difference and the score; 1 when a file made us throw or took longer than a second. */
export function scoreCorpus(folders: readonly string[], print: (line: string) => void): number {
  const scores = { verdict: [] as number[], lines: [] as number[], values: [] as number[] };
  let [files, crashes] = [0, 0];
  for (const sample of folders.flatMap(readFolder)) {
    files += 1;
    let took: number;
    let result: ParseResult;
    try {
      const read = () =>
        parseConfig(sample.text, sample.name, { host: sample.host, configId: 'score', files: NO_FILES });
      [result, took] = timed(read);
    } catch (error) {
      crashes += 1;
      print(`${sample.name} CRASH ${error}`);
      continue;
    }
    if (took > LIMIT_MS) {
      crashes += 1;
      print(`${sample.name} SLOW ${Math.round(took)} ms`);
    }
    scores.verdict.push(scoreVerdict(sample, result, print));
    scores.lines.push(scoreLines(sample, result, print));
    const values = scoreValues(sample, result, print);
    if (values !== undefined) scores.values.push(values);
  }
  const mean = (list: readonly number[]) => Number((list.reduce((sum, one) => sum + one, 0) / list.length).toFixed(4));
  const [verdict, lines, values] = [mean(scores.verdict), mean(scores.lines), mean(scores.values)];
  print(JSON.stringify({ files, crashes, verdict, lines, values }));
  return crashes === 0 ? 0 : 1;
}

const LIMIT_MS = 1000;

/** What `work` gave, and how long it took by the clock, ms. */
function timed<T>(work: () => T): [T, number] {
  const began = performance.now();
  const result = work();
  return [result, performance.now() - began];
}

const NO_FILES = { list: () => [], read: () => undefined };

function readFolder(folder: string): Sample[] {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const understood = existsSync(join(folder, 'understood.json')) ? JSON.parse(read('understood.json')) : {};
  const hostFile = [join(folder, 'host.json'), join(folder, '../host.json')].find((file) => existsSync(file));
  const facts = hostFile === undefined ? {} : JSON.parse(readFileSync(hostFile, 'utf8'));
  return read('results.tsv')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => {
      const [id, file, , exit, , , extra = ''] = row.split('\t');
      const interfaces = [...(facts.interfaces ?? []), ...extra.split(/[\s,]+/).filter(Boolean)];
      const lines = read(`${id}.keepalived-t.txt`).matchAll(/^\((?:[^()]*: )?Line (\d+)\)/gm);
      return {
        name: `${folder.split('/').pop()}/${id}`,
        text: read(file!),
        exit: Number(exit),
        lines: new Set([...lines].map((match) => Number(match[1]))),
        host: readHostFacts({ ...facts, interfaces }),
        understood: understood[id!],
      };
    });
}

function scoreVerdict({ name, exit }: Sample, result: ParseResult, print: (line: string) => void): number {
  if (exit === result.exitCode) return 1;
  const codes = [...new Set(result.diagnostics.filter(({ severity }) => severity !== 'info').map(({ code }) => code))];
  print(`${name} verdict: keepalived ${exit}, here ${result.exitCode} ${codes.join(' ')}`);
  return 0;
}

/** 1 when we name every line that keepalived names, and call no other line wrong. */
function scoreLines({ name, lines }: Sample, result: ParseResult, print: (line: string) => void): number {
  const named = new Set(result.diagnostics.map(({ line }) => line));
  const wrong = result.diagnostics.filter(({ severity, aboutWhole }) => severity !== 'info' && !aboutWhole);
  const missing = [...lines].filter((line) => !named.has(line));
  const surplus = wrong.filter(({ line }) => !lines.has(line));
  if (missing.length > 0) print(`${name} lines missing: ${missing.slice(0, 12).join(' ')}`);
  for (const { line, code, message } of surplus.slice(0, 4)) print(`${name} lines surplus: ${line} ${code} ${message}`);
  return missing.length + surplus.length === 0 ? 1 : 0;
}

/** Of a command without the path and the user, which the host gave it. */
function asWritten(value: string | readonly string[]): string | readonly string[] {
  if (typeof value !== 'string' || !value.startsWith("'")) return value;
  return value.replace(/, uid:gid \d+:\d+$/, '').replace(/^'[^']*' ?/, '');
}

/** The share of keepalived's values that are ours too; undefined when it resolved nothing. */
function scoreValues({ name, understood, host }: Sample, result: ParseResult, print: (line: string) => void) {
  const { config } = result;
  const pairs: [string, string | readonly string[], string | readonly string[] | undefined][] = [];
  const add = (what: string, expected: Dump, ours: Dump | undefined) => {
    for (const [label, value] of Object.entries(expected)) {
      // Whether a list of peers that is empty was written is told in words only.
      if (NOT_SCORED.test(label) || String(value).startsWith('Unicast config option')) continue;
      pairs.push([`${what} ${label}`, asWritten(value), ours?.[label]]);
    }
  };
  for (const [id, expected] of Object.entries(understood?.instances ?? {})) {
    const instance = config.instances.find((one) => one.name === id);
    add(id, expected, instance && { ...dumpInstance(instance, config, host.interfaces), ...dumpNotify(instance) });
  }
  for (const [id, expected] of Object.entries(understood?.scripts ?? {})) {
    const script = config.scripts.find((one) => one.name === id);
    add(`script ${id}`, expected, script && dumpScript(script));
  }
  for (const [id, expected] of Object.entries(understood?.sync_groups ?? {})) {
    add(`group ${id}`, expected, { members: config.syncGroups?.find((one) => one.name === id)?.members ?? [] });
  }
  if (pairs.length === 0) return undefined;
  const different = pairs.filter(
    ([, expected, ours]) =>
      JSON.stringify(expected) !== JSON.stringify(ours ?? []) && JSON.stringify(expected) !== JSON.stringify(ours),
  );
  for (const [what, expected, ours] of different.slice(0, 6)) {
    print(
      `${name} value ${what}: keepalived ${JSON.stringify(expected).slice(0, 300)} here ${JSON.stringify(ours)?.slice(0, 300)}`,
    );
  }
  return 1 - different.length / pairs.length;
}
