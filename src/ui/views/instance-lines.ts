// Single lines about one instance, for the detail pane and the detail view: cause, timers, addresses, trackers, peers.
import type { InstanceSnapshot, PeerSnapshot, Snapshot } from '../../engine/snapshot.ts';
import { candidates } from '../candidates.ts';
import { count, countdown, duration, plural, seconds } from '../format.ts';
import { type Line, line, type Span, spansWidth, spanText, width as textWidth, wrap } from '../text.ts';
import { whyNotMaster } from '../why.ts';
import { clock, stateSpan, type ViewContext } from './context.ts';

export function causeLine({ now, glyphs }: ViewContext, snapshot: Snapshot, instance: InstanceSnapshot): Line {
  const since = `since ${clock(snapshot, instance.since)} (${duration(now - instance.since)})`;
  return line(stateSpan(instance.state, glyphs), ` ${since}: ${instance.cause}`);
}

/** The same whole, the cause on as many lines as it takes. */
export function causeLines(
  context: ViewContext,
  snapshot: Snapshot,
  instance: InstanceSnapshot,
  width: number,
): Line[] {
  const whole = causeLine(context, snapshot, instance);
  if (spansWidth(whole.spans) <= width) return [whole];
  const [state, text] = whole.spans;
  const indent = spansWidth([state!]) + 1;
  return wrap(spanText(text!).trimStart(), width - indent).map((part, i) =>
    i === 0 ? line(state!, ' ', part) : line(' '.repeat(indent), part),
  );
}

/** `not MASTER because ...`: all reasons, or the first one and how many more there are. */
export function whyLines({ now }: ViewContext, snapshot: Snapshot, instance: InstanceSnapshot, all: boolean): Line[] {
  const [first, ...others] = whyNotMaster(snapshot, instance, now);
  if (first === undefined) return [];
  const more = !all && others.length > 0 ? `  (+${others.length} more)` : '';
  const head = line(['attention', `not MASTER: ${first}${more}`]);
  return all ? [head, ...others.map((text) => line(['attention', `            ${text}`]))] : [head];
}

export function overrideLines({ model, now, glyphs }: ViewContext, { name }: InstanceSnapshot): Line[] {
  return (model.snapshot?.overrides ?? [])
    .filter((override) => override.instance === name)
    .map((override) =>
      line(
        ['override', `${glyphs.flag} overridden: ${override.text}`],
        `  reverts by itself in ${countdown(override.expiresAt - now)}`,
        override.who === undefined ? '' : `  by ${override.who}`,
        override.why === undefined ? '' : `: ${override.why}`,
      ),
    );
}

export function faultLines(instance: InstanceSnapshot, width: number): Line[] {
  // One fault is usually the cause, which the line above tells.
  if (instance.faults.length === 1 && instance.faults[0] === instance.cause) return [];
  return instance.faults.flatMap((fault) => wrap(`! ${fault}`, width).map((text) => line(['critical', text])));
}

export function identityLine(instance: InstanceSnapshot): Line {
  const { version, family, vrid } = instance;
  const auth = instance.authentication === 'none' ? '' : `   authentication ${instance.authentication}`;
  return line(`VRRPv${version} over IPv${family}   vrid ${vrid}   ${instance.interface || 'no interface'}${auth}`);
}

export function timersLines({ now }: ViewContext, instance: InstanceSnapshot, width: number): Line[] {
  const parts: string[] = [];
  if (instance.advertAt !== undefined) parts.push(`next advert in ${duration(instance.advertAt - now)}`);
  if (instance.masterDownAt !== undefined) parts.push(`MASTER in ${duration(instance.masterDownAt - now)} if silent`);
  if (instance.preemptAt !== undefined && instance.preemptAt > now) {
    parts.push(`preempts in ${duration(instance.preemptAt - now)}`);
  }
  parts.push(
    `every ${seconds(instance.advertIntervalUs)}`,
    `skew ${seconds(instance.skewUs)}`,
    `master-down ${seconds(instance.masterDownUs)}`,
    instance.preempt ? 'preempt' : 'nopreempt',
  );
  if (instance.preemptDelayUs > 0) parts.push(`delay ${seconds(instance.preemptDelayUs)}`);
  if (instance.announceAt !== undefined) parts.push(`GARP in ${duration(instance.announceAt - now)}`);
  return foldedText(parts, '  ', width);
}

/** Parts side by side, as many as fit; the others below. */
function foldedText(parts: readonly string[], gap: string, width: number): Line[] {
  const rows: string[] = [];
  for (const part of parts) {
    const last = rows.at(-1);
    if (last !== undefined && textWidth(last) + gap.length + textWidth(part) <= width)
      rows[rows.length - 1] = `${last}${gap}${part}`;
    else rows.push(part);
  }
  return rows.map((text) => line(text));
}

function addressSpans({ glyphs }: ViewContext, instance: InstanceSnapshot): Span[][] {
  const wanted = instance.state === 'MASTER';
  return instance.addresses.map(({ address, prefix, present, excluded }) => {
    const mark = present ? glyphs.ok : wanted ? glyphs.bad : glyphs.minus;
    const style = present === wanted ? 'ok' : 'critical';
    const text = ` ${address}/${prefix}${excluded ? ' (excluded)' : ''}`;
    return wanted || present ? [[style, mark], text] : [['dim', mark], text];
  });
}

export function addressesLine(context: ViewContext, instance: InstanceSnapshot, width: number): Line {
  const spans: Span[] = ['addresses'];
  const all = addressSpans(context, instance);
  for (const [i, address] of all.entries()) {
    const rest = all.length - i;
    if (spansWidth(spans) + spansWidth(address) + 12 > width) return line(...spans, `  and ${rest} more`);
    spans.push('  ', ...address);
  }
  return line(...spans);
}

export function addressLines(context: ViewContext, instance: InstanceSnapshot, width: number): Line[] {
  const lines: Line[] = [];
  let spans: Span[] = [];
  for (const [i, address] of addressSpans(context, instance).entries()) {
    const on: Span = ['dim', ` ${instance.addresses[i]!.interface}`];
    if (spans.length > 0 && spansWidth(spans) + spansWidth([...address, on]) + 3 > width) {
      lines.push(line(...spans));
      spans = [];
    }
    spans.push(...address, on, '   ');
  }
  if (spans.length > 0) lines.push(line(...spans));
  return lines.slice(0, 6);
}

/** `effective 80 = 100 base -20 chk_smtp`. */
export function effectiveLine({ glyphs }: ViewContext, instance: InstanceSnapshot): Line {
  const spans: Span[] = [`effective ${instance.effectivePriority} = ${instance.basePriority} base`];
  if (instance.basePriority !== instance.configuredPriority) {
    spans.push(['override', ` (configured ${instance.configuredPriority})`]);
  }
  for (const { name, contribution, ok } of instance.trackers) {
    if (contribution !== 0) {
      spans.push([
        ok === false ? 'attention' : 'dim',
        ` ${contribution > 0 ? '+' : glyphs.minus}${Math.abs(contribution)} ${name}`,
      ]);
    }
  }
  return line(...spans);
}

/** The interface that an instance made for itself (use_vmac, use_ipvlan). */
export function deviceLines({ glyphs }: ViewContext, { device }: InstanceSnapshot): Line[] {
  if (device === undefined) return [];
  const { name, kind, mac, xmitBase, up } = device;
  const how = xmitBase ? ', adverts leave through its base' : '';
  const mark: Span = up ? ['ok', glyphs.ok] : ['critical', `${glyphs.bad} missing or down:`];
  return [line(mark, ` ${kind} ${name}${mac === undefined ? '' : ` ${mac}`}${how}`)];
}

export function trackerLines({ glyphs }: ViewContext, instance: InstanceSnapshot): Line[] {
  if (instance.trackers.length === 0) return [line(['dim', 'none'])];
  return instance.trackers.slice(0, 8).map(({ ok, name, kind, weight, contribution, reverse, detail }) => {
    const mark: Span =
      ok === undefined
        ? ['dim', '? waiting for the first result']
        : ok
          ? ['ok', `${glyphs.ok} OK  `]
          : ['critical', `${glyphs.bad} FAIL`];
    const effect =
      weight === 0 ? 'failing means FAULT' : `weight ${weight > 0 ? '+' : ''}${weight}, adds ${contribution} now`;
    const told = detail === undefined ? '' : ` ${detail},`;
    return line(mark, ` ${name}  `, ['dim', `${kind},${told} ${effect}${reverse ? ', reversed' : ''}`]);
  });
}

/** virtual_routes and virtual_rules: in the kernel exactly while MASTER. */
export function policyLines({ glyphs }: ViewContext, { state, policy }: InstanceSnapshot): Line[] {
  return policy.slice(0, 8).map(({ kind, text, present }) => {
    const right = present === (state === 'MASTER');
    const mark: Span = right ? [present ? 'ok' : 'dim', present ? glyphs.ok : glyphs.minus] : ['critical', glyphs.bad];
    return line(mark, ` ${kind} ${text}`);
  });
}

export function wireLine(instance: InstanceSnapshot): Line {
  const how = instance.unicast ? 'unicast to' : 'multicast to';
  return line(`from ${instance.source ?? 'no address'}  ${how} ${instance.destinations.join(' ') || '-'}`);
}

export function countersLines({ counters }: InstanceSnapshot, width: number): Line[] {
  const rejected = Object.values(counters.rejected).reduce((sum, n) => sum + (n ?? 0), 0);
  const adverts: Span[] = [
    `adverts sent ${count(counters.advertSent)}, received ${count(counters.advertRcvd)}, rejected `,
    rejected > 0 ? ['attention', count(rejected)] : '0',
  ];
  const more = [
    `priority 0 sent ${counters.priZeroSent}, received ${counters.priZeroRcvd}`,
    `MASTER ${plural(counters.becomeMaster, 'time')}`,
  ];
  const all = [...adverts, `   ${more.join('   ')}`];
  return spansWidth(all) <= width ? [line(...all)] : [line(...adverts), ...foldedText(more, '   ', width)];
}

function peerLine({ now }: ViewContext, peer: PeerSnapshot): Line {
  const rejects = rejectText(peer.rejected);
  const spans: Span[] = [
    `peer ${peer.address}`,
    peer.priority === undefined ? '' : ` p${peer.priority}`,
    ` v${peer.version}  heard ${duration(now - peer.lastHeardAt)} ago`,
    peer.wasMaster ? '  has been MASTER' : '',
    `  ${count(peer.accepted)} accepted`,
  ];
  if (rejects !== '') spans.push(['attention', `  rejected: ${rejects}`]);
  if (peer.addressMismatches > 0) spans.push(['attention', `  ${peer.addressMismatches} with other addresses`]);
  return line(...spans);
}

/** All peers in one line, those that were MASTER first: they are the ones that can take over. */
export function peersSummary({ now }: ViewContext, { peers }: InstanceSnapshot): Line {
  if (peers.length === 0) return line(['dim', SILENT]);
  const spans: Span[] = [peers.length === 1 ? 'peer' : 'peers'];
  for (const peer of [...peers].sort(
    (a, b) => Number(b.wasMaster) - Number(a.wasMaster) || b.lastHeardAt - a.lastHeardAt,
  )) {
    const priority = peer.priority === undefined ? '' : ` p${peer.priority}`;
    spans.push(`  ${peer.address}${priority} ${duration(now - peer.lastHeardAt)} ago`);
    const rejects = rejectText(peer.rejected);
    if (rejects !== '') spans.push(['attention', ` rejected ${rejects}`]);
    if (peer.addressMismatches > 0) spans.push(['attention', ' other addresses']);
  }
  return line(...spans);
}

const SILENT = 'no other router heard (a healthy backup is silent)';

/** `ttl 3, checksum 1`. */
function rejectText(rejected: PeerSnapshot['rejected']): string {
  return Object.entries(rejected)
    .filter(([, n]) => (n ?? 0) > 0)
    .map(([reason, n]) => `${reason} ${n}`)
    .join(', ');
}

export function peerLines(context: ViewContext, instance: InstanceSnapshot, most: number): Line[] {
  if (instance.peers.length === 0) return [line(['dim', SILENT])];
  const recent = [...instance.peers].sort((a, b) => b.lastHeardAt - a.lastHeardAt);
  const lines = recent.slice(0, most).map((peer) => peerLine(context, peer));
  const rest = recent.length - most;
  if (rest <= 0) return lines;
  return [...lines.slice(0, -1), line(...lines.at(-1)!.spans, ['dim', `  and ${plural(rest, 'peer')} more`])];
}

export function rejectLines({ counters }: InstanceSnapshot, width: number): Line[] {
  const rejects = rejectText(counters.rejected);
  return rejects === '' ? [] : wrap(`rejected adverts: ${rejects}`, width).map((part) => line(['attention', part]));
}

export function takeoverLines({ glyphs }: ViewContext, snapshot: Snapshot, instance: InstanceSnapshot): Line[] {
  const all = candidates(snapshot, instance);
  if (instance.state !== 'MASTER') return [line(['dim', 'not MASTER here: no address moves'])];
  if (all.length === 0) return [line(['attention', '! no other router was ever heard for this VRID'])];
  return all
    .slice(0, 3)
    .map(({ label, priority, note }) =>
      line(`${glyphs.arrow} ${label}`, priority === undefined ? '' : ` priority ${priority}`, `, ${note}`),
    );
}

export function historyLines({ model }: ViewContext, snapshot: Snapshot, { name }: InstanceSnapshot): Line[] {
  const changes = model.events.filter((event) => event.kind === 'state' && event.instance === name);
  if (changes.length === 0) return [line(['dim', 'none seen yet'])];
  return changes
    .slice(-20)
    .reverse()
    .map((event) => line(['dim', clock(snapshot, event.at)], ` ${event.text}${event.cause ? `: ${event.cause}` : ''}`));
}
