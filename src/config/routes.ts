// Lines of virtual_routes and virtual_rules: read far enough to say what keepalived would not understand or track.
import { parseAddress } from '../wire/address.ts';
import type { Report } from './report.ts';
import type { Statement } from './tree.ts';
import type { Word } from './words.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const TYPES = words('unicast local nat broadcast brd anycast multicast prohibit unreachable blackhole xresolve throw');
const FLAGS = words('onlink add prepend append no_track fastopen_no_cookie');
const WITH_WORD = words(`
  src via gw from tos dsfield table protocol scope metric priority preference dev oif encap expires mtu advmss rtt rttvar
  reordering cwnd ssthresh rto_min congctl hoplimit window initcwnd initrwnd realms features quickack pref ttl-propagate
  or track_group vrf to
`);
const OPEN = words('nexthop encap');

/** `virtual_routes`: unknown words, old spellings, and routes that cannot be tracked because they name no interface. */
export function judgeRoutes(block: Statement, report: Report): void {
  for (const line of block.lines) judgeRoute(line, report);
}

function judgeRoute(line: readonly Word[], report: Report): void {
  const seen = new Set<string>();
  let destination: Word | undefined;
  for (let index = 0; index < line.length; index++) {
    const word = line[index]!;
    const { text } = word;
    seen.add(text);
    if (OPEN.has(text)) return;
    if (text === 'inet' || text === 'inet6' || FLAGS.has(text) || (destination === undefined && TYPES.has(text)))
      continue;
    if (text === 'gw' || text === 'or') {
      report.warning(
        'deprecated',
        word,
        text === 'gw' ? "gw is an old spelling: use 'via'" : "or is old: use 'nexthop'",
      );
    }
    if (WITH_WORD.has(text)) {
      index +=
        line[index + 1]?.text === 'lock' || (text === 'via' && /^inet6?$/.test(line[index + 1]?.text ?? '')) ? 2 : 1;
      if (text === 'to') destination = line[index];
    } else if (destination === undefined && isDestination(text)) destination = word;
    else {
      report.error('unknown-option', word, `'${text.slice(0, 64)}' is no word of a route; the line is left out`);
      return;
    }
  }
  const untracked =
    seen.has('no_track') || seen.has('dev') || seen.has('oif') || [...TYPES].slice(7).some((type) => seen.has(type));
  if (!untracked && destination !== undefined) {
    report.warning('no-effect', line[0]!, 'a route without an interface cannot be tracked', {
      hint: 'add dev, or no_track',
    });
  }
}

function isDestination(text: string): boolean {
  return /^(?:default6?|any|all)$/.test(text) || parseAddress(text.split('/', 1)[0]!) !== undefined;
}

/** `virtual_rules`: a rule without preference gets one that is seldom meant. */
export function judgeRules(block: Statement, report: Report): void {
  for (const line of block.lines) {
    if (line.some(({ text }) => text === 'preference' || text === 'priority' || text === 'order')) continue;
    report.warning('missing-value', line[0]!, 'a rule without preference gets one from 16384 downwards');
  }
}
