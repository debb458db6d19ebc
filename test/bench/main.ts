// `npm run bench`: kavtui and keepalived (FRR where it can) side by side and by turns, as a table and as JSON.
import { writeFileSync } from 'node:fs';
import { type Figure, table } from './figures.ts';
import { FLOOD_TARGETS, measureFlood } from './flood.ts';
import { sendFlood } from './flood-sender.ts';
import { machine } from './machine.ts';
import { measureMicro } from './micro.ts';
import { measureCheck, measureReload, measureStart } from './moments.ts';
import { measureSteady } from './steady.ts';
import { measureTakeover, type TakeoverCase } from './takeover.ts';

type Measure = () => Promise<readonly Figure[]>;

const USAGE = `npm run bench -- [PART...] [--quick] [--json FILE] [--save-baseline]
parts: takeover planned addresses steady check start reload flood micro (default: all)`;

/** Runs what the words ask for; the figures are printed as they come. */
async function bench(words: readonly string[]): Promise<void> {
  const quick = words.includes('--quick');
  const jsonAt = words.indexOf('--json');
  const json = jsonAt < 0 ? undefined : words[jsonAt + 1];
  const wanted = words.filter((word, i) => !word.startsWith('-') && (jsonAt < 0 || i !== jsonAt + 1));
  const all = parts(quick, words.includes('--save-baseline'));
  const unknown = wanted.filter((word) => !all.has(word));
  if (unknown.length > 0 || words.includes('--help'))
    return console.log(`${unknown.map((w) => `no part ${w}\n`)}${USAGE}`);
  const facts = machine();
  console.log(
    Object.entries(facts)
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n'),
  );
  const figures: Figure[] = [];
  for (const [name, measures] of all) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const measure of measures) {
      const found = await measure();
      figures.push(...found);
      console.log(`\n${table(found)}`);
    }
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...facts, quick, figures }, null, 1)}\n`);
}

function parts(quick: boolean, saveBaseline: boolean): ReadonlyMap<string, readonly Measure[]> {
  const repetitions = quick ? 4 : 20;
  const takeover = (test: Omit<TakeoverCase, 'programs'>, frr = false): Measure => {
    return () => measureTakeover({ ...test, programs: ['keepalived', 'kavtui', ...(frr ? (['frr'] as const) : [])] });
  };
  const crash = { how: 'crash', addresses: 1, repetitions } as const;
  const stop = { how: 'stop', addresses: 1, repetitions } as const;
  const counts = quick ? [1, 200] : [1, 50, 200, 1000];
  const steady = counts.flatMap((count) =>
    [1, 0.1].map((interval): Measure => {
      const seconds = quick ? 5 : interval === 1 ? 20 : 10;
      const rounds = quick ? 1 : 3;
      const screen = interval === 1 && !quick;
      return () => measureSteady({ count, interval, seconds, rounds, screen, programs: ['keepalived', 'kavtui'] });
    }),
  );
  return new Map([
    [
      'takeover',
      [
        takeover({ title: 'a crash, v3 0.1 s', version: 3, interval: 0.1, ...crash }, true),
        takeover({ title: 'a crash, v2 1 s', version: 2, interval: 1, ...crash, repetitions: quick ? 2 : 20 }),
      ],
    ],
    [
      'planned',
      [
        takeover({ title: 'b stop, v3 0.1 s', version: 3, interval: 0.1, ...stop }, true),
        takeover({ title: 'b stop, v2 1 s', version: 2, interval: 1, ...stop, repetitions: quick ? 2 : 20 }),
      ],
    ],
    [
      'addresses',
      [1, 20, 200].map((addresses) =>
        takeover({ ...crash, title: `c ${addresses} address(es)`, version: 3, interval: 0.1, addresses }),
      ),
    ],
    ['steady', steady],
    ['check', [10, 1000, 4000, 10_000].map((count) => () => measureCheck(count, quick ? 2 : 7))],
    ['start', [1, 200].map((count) => () => measureStart(count, quick ? 3 : 10))],
    ['reload', [1, 200].map((count) => () => measureReload(count, quick ? 2 : 5))],
    ['flood', FLOOD_TARGETS.map((who) => () => measureFlood({ who, seconds: quick ? 3 : 8 }))],
    ['micro', [() => measureMicro(saveBaseline)]],
  ]);
}

const words = process.argv.slice(2);
// The bench starts itself anew to have a sender beside it.
await (words[0] === 'flood-sender' ? sendFlood(words.slice(1)) : bench(words));
