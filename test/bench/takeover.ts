// (a) unplanned and (b) planned takeover, (c) from the first advert to the last announcement.
import { createNetlinkSocket } from '../../src/linux/netlink-socket.ts';
import { createPoller } from '../../src/linux/poller.ts';
import { decodeAddress, RTM_NEWADDR, RTMGRP_IPV4_IFADDR } from '../../src/linux/rtnetlink.ts';
import { sleep } from '../support/host.ts';
import { createLab, type Lab } from '../support/lab.ts';
import type { ManyOptions } from '../support/many-instances.ts';
import { masterDownMs, skewMs } from '../support/timing.ts';
import { type Figure, summary } from './figures.ts';
import { inNamespace } from './namespace.ts';
import { type Observer, observe, wallMs } from './observer.ts';
import { type ProgramName, startProgram } from './programs.ts';

const [A, B] = [1, 2];
/** Of the BACKUP, which is measured. */
const PRIORITY = 200;
/** garp_master_repeat. */
const REPEAT = 5;

export interface TakeoverCase {
  readonly title: string;
  readonly how: 'crash' | 'stop';
  readonly version: 2 | 3;
  readonly interval: number;
  readonly addresses: number;
  readonly repetitions: number;
  readonly programs: readonly ProgramName[];
}

interface Takeover {
  /** From the last advert, or from priority 0, to the first of the BACKUP. */
  readonly waited: number;
  /** From its first advert until all addresses were in the kernel, all were announced once, and all had gone out. */
  readonly present: number;
  readonly announced: number;
  readonly finished: number;
}

/** Runs the programs by turns. */
export async function measureTakeover(test: TakeoverCase): Promise<readonly Figure[]> {
  const runs = new Map<ProgramName, (Takeover | string)[]>(test.programs.map((name) => [name, []]));
  for (let i = 0; i < test.repetitions; i++) {
    for (const name of test.programs) {
      const result = await once(name, test).catch((error: Error) => error.message);
      runs.get(name)!.push(result);
    }
  }
  return [...runs].flatMap(([name, results]) => figures(test, name, results));
}

function figures(test: TakeoverCase, who: string, results: readonly (Takeover | string)[]): readonly Figure[] {
  const good = results.filter((each) => typeof each !== 'string');
  const failed = results.length - good.length;
  const note = failed === 0 ? {} : { note: `${failed} failed: ${results.find((each) => typeof each === 'string')}` };
  const facts = { version: test.version, priority: PRIORITY, interval: test.interval };
  const theory = test.how === 'crash' ? masterDownMs(facts) : skewMs(facts);
  const figure = (what: string, values: readonly number[]): Figure => {
    return { what: `${test.title}${what}`, who, unit: 'ms', values: summary(values), ...note };
  };
  const list = [
    figure(
      ': later than the theory',
      good.map(({ waited }) => waited - theory),
    ),
  ];
  if (test.addresses === 1 && !test.title.startsWith('c')) return list;
  return [
    ...list,
    figure(
      ': advert to all addresses present',
      good.map(({ present }) => present),
    ),
    figure(
      ': advert to all announced',
      good.map(({ announced }) => announced),
    ),
    figure(
      `: advert to all announced ${REPEAT} times`,
      good.map(({ finished }) => finished),
    ),
  ];
}

async function once(name: ProgramName, test: TakeoverCase): Promise<Takeover> {
  const lab = await createLab({ capture: false });
  const observer = observe(lab, 1);
  const addresses = watchAddresses(lab);
  try {
    const options: ManyOptions = { ...test, count: 1, priority: PRIORITY, state: 'BACKUP' };
    const master = await startProgram(lab, name, A, { ...options, priority: 255, state: 'MASTER' });
    const backup = await startProgram(lab, name, B, options);
    await backup.listening('VI_0_1');
    const facts = { version: test.version, priority: PRIORITY, interval: test.interval };
    // FRR's MASTER is no owner and does not say when it begins.
    const settle = name === 'frr' ? 1500 : Math.max(700, 1500 * test.interval);
    await sleep(settle + Math.random() * 1000 * test.interval);
    observer.discard();
    await sleep(2000 * test.interval);
    const acted = wallMs();
    await (test.how === 'crash' ? master.crash() : master.terminate());
    await sleep((test.how === 'crash' ? masterDownMs(facts) : skewMs(facts)) + 150 + 2 * test.addresses);
    return judge(test, observer, addresses.seen, acted);
  } finally {
    addresses.close();
    observer.close();
    await lab.close();
  }
}

function judge(test: TakeoverCase, observer: Observer, present: readonly number[], acted: number): Takeover {
  const seen = observer.take();
  const adverts = seen.filter((each) => each.kind === 'advert');
  const early = adverts.find(({ from, at }) => from === B && at < acted);
  if (early !== undefined) throw new Error('the BACKUP spoke before its time');
  const first = adverts.find(({ from, at }) => from === B && at > acted);
  if (first === undefined) throw new Error('no takeover');
  const planned = test.how === 'stop';
  const last = adverts.findLast(({ from, priority }) => from === A && (priority === 0) === planned);
  if (last === undefined) throw new Error('no last advert');
  const sent = seen.filter((each) => each.kind === 'announcement' && each.from === B && each.at >= first.at);
  const times = sent.slice(0, REPEAT * test.addresses).map(({ at }) => at);
  const firsts = new Map<string, number>();
  for (const each of sent)
    if (each.kind === 'announcement' && !firsts.has(each.address)) firsts.set(each.address, each.at);
  const shown = present.filter((at) => at > acted);
  return {
    waited: first.at - last.at,
    present: shown.length < test.addresses ? NaN : shown[test.addresses - 1]! - first.at,
    announced: firsts.size < test.addresses ? NaN : Math.max(...firsts.values()) - first.at,
    finished: times.length < REPEAT * test.addresses ? NaN : times.at(-1)! - first.at,
  };
}

/** When an address came to the interface of the BACKUP: as this process is told, so a little late. */
function watchAddresses(lab: Lab): { readonly seen: readonly number[]; close(): void } {
  const poller = createPoller();
  const socket = inNamespace(lab.host(B).namespace, () => createNetlinkSocket(RTMGRP_IPV4_IFADDR));
  const seen: number[] = [];
  poller.watch(socket.fd, () => {
    for (let got = socket.receive(); typeof got !== 'number' && got.length > 0; got = socket.receive()) {
      const at = wallMs();
      for (const message of got) {
        if (message.type === RTM_NEWADDR && decodeAddress(message) !== undefined) seen.push(at);
      }
    }
  });
  return {
    seen,
    close: () => {
      poller.close();
      socket.close();
    },
  };
}
