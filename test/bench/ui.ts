// `npm run bench:ui`: what the screen costs, as a table and as JSON. Needs root for all parts but `bytes` and `start`.
import { writeFileSync } from 'node:fs';
import { type Figure, table } from './figures.ts';
import { machine } from './machine.ts';
import { measureBytes } from './ui-bytes.ts';
import { measureCost, measureDeath, measureMemory } from './ui-cost.ts';
import { measureFirstFrame } from './ui-start.ts';

const USAGE = `npm run bench:ui -- [PART...] [--quick] [--seconds S] [--rounds N] [--minutes M] [--json FILE]
parts: start bytes load idle death memory (default: all)
  start   first frame of the demo               goal < 400 ms
  bytes   one counter moves, every row changes  goal < 1 kB, < 4 kB
  load    255 instances, 510 adverts/s, 120x40  goal < 35 % of a core (Node 20), lateness p99 within 1 ms of headless
  idle    one instance, 1 advert/s              goal < 3 % of a core
  death   a terminal that is dead for a minute  goal: no advert more than 20 ms late
  memory  growth while under load, M minutes    goal < 1 MB a minute (M: 10; default 2)
  load and idle take N windows of S seconds with the screen and N without`;

async function bench(words: readonly string[]): Promise<void> {
  const optionOf = (option: string): string | undefined => words[words.indexOf(option) + 1 || words.length];
  const quick = words.includes('--quick');
  const minutes = Number(optionOf('--minutes') ?? (quick ? 0.5 : 2));
  const json = optionOf('--json');
  const seconds = Number(optionOf('--seconds') ?? (quick ? 8 : 20));
  const rounds = Number(optionOf('--rounds') ?? (quick ? 1 : 3));
  const parts: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
    start: () => measureFirstFrame(quick ? 5 : 20),
    bytes: measureBytes,
    load: () => measureCost({ title: 'load', count: 255, interval: 0.5, seconds, rounds }),
    idle: () => measureCost({ title: 'idle', count: 1, interval: 1, seconds, rounds }),
    death: () => measureDeath(quick ? 10 : 60),
    memory: () => measureMemory(minutes),
  };
  const wanted = words.filter((word) => parts[word] !== undefined);
  if (words.includes('--help')) return console.log(USAGE);
  const facts = machine();
  console.log(
    Object.entries(facts)
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n'),
  );
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const found = await measure();
    figures.push(...found);
    console.log(`\n${table(found)}`);
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...facts, quick, figures }, null, 1)}\n`);
}

await bench(process.argv.slice(2));
process.exit(0);
