import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { renderDiagnostic } from '../../src/config/render.ts';
import type { InstanceConfig, VirtualAddress } from '../../src/vrrp/config.ts';
import { corpusIsHere, readCorpus, type Sample, usesDirectives, verdictWithoutHost } from './corpus.ts';

const samples = readCorpus();
const judged = samples.filter((sample) => !usesDirectives(sample));

/** Keywords that change values which are compared below: what is not supported cannot be resolved the same. */
const CHANGES_VALUES = /\b(?:use_vmac|vrrp_strict|strict_mode|vrrp_sync_group|use_ipvlan)\b/;

const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' };

function addressText(address: VirtualAddress): string {
  const full = address.address.includes(':') ? 128 : 32;
  const prefix = address.prefix === full ? '' : `/${address.prefix}`;
  const broadcast = address.broadcast === undefined ? '' : ` brd ${address.broadcast}`;
  const label = address.label === undefined ? '' : ` label ${address.label}`;
  const scope = SCOPES[address.scope] ?? address.scope;
  return `${address.address}${prefix}${broadcast} dev ${address.interface} scope ${scope}${label}`;
}

/** An instance under the labels of keepalived's dump. */
function dumped(instance: InstanceConfig): Record<string, string | readonly string[]> {
  const { announcements: garp, version, advertIntervalUs: interval } = instance;
  const seconds = (microseconds: number) => String(microseconds / 1_000_000);
  const tracked = instance.trackInterfaces.map(
    (one) => `${one.name} weight ${one.weight}${one.reverse ? ' reverse' : ''}`,
  );
  return {
    Interface: instance.interface,
    'Virtual Router ID': String(instance.vrid),
    Priority: String(instance.priority),
    Wantstate: instance.initialState,
    'VRRP Version': String(version),
    'Advert interval': version === 3 ? `${interval / 1000} milli-sec` : `${seconds(interval)} sec`,
    Preempt: instance.preempt ? 'enabled' : 'disabled',
    Accept: instance.accept ? 'enabled' : 'disabled',
    'Gratuitous ARP delay': seconds(garp.delayUs),
    'Gratuitous ARP repeat': String(garp.repeat),
    'Gratuitous ARP refresh': seconds(garp.refreshUs),
    'Gratuitous ARP refresh repeat': String(garp.refreshRepeat),
    'Gratuitous ARP lower priority delay': seconds(garp.lowerPrioDelayUs),
    'Gratuitous ARP lower priority repeat': String(garp.lowerPrioRepeat),
    'Virtual IP': instance.addresses.map(addressText),
    ...(instance.password === undefined
      ? {}
      : { 'Authentication type': 'SIMPLE_PASSWORD', Password: instance.password }),
    ...(instance.preemptDelayUs === 0 ? {} : { 'Preempt delay': `${seconds(instance.preemptDelayUs)} secs` }),
    ...(instance.unicastPeers.length === 0
      ? {}
      : { 'Unicast Peer': instance.unicastPeers.map((peer) => `${peer} min_ttl 0 max_ttl 255`) }),
    ...(tracked.length === 0 ? {} : { 'Tracked interfaces': tracked }),
  };
}

/** One entry per compared value: empty when it is keepalived's, the difference otherwise. */
function compare(sample: Sample): string[] {
  const { instances } = parseConfig(sample.text, sample.name).config;
  return Object.entries(sample.understood).flatMap(([name, expected]) => {
    const instance = instances.find((one) => one.name === name);
    if (instance === undefined) return [`${sample.name} ${name} is missing`];
    return Object.entries(dumped(instance)).map(([label, value]) => {
      const same = JSON.stringify(expected[label] ?? []) === JSON.stringify(value);
      return same ? '' : `${sample.name} ${name} ${label}: ${expected[label]} here ${value}`;
    });
  });
}

describe.skipIf(!corpusIsHere)('the configurations that people published', () => {
  it('are all read and printed without an exception, and findings lie within their text', () => {
    expect(samples.length).toBeGreaterThan(400);
    for (const { name, text } of samples) {
      const lines = text.split('\n').length;
      for (const finding of parseConfig(text, name).diagnostics) {
        expect(finding.line).toBeLessThanOrEqual(lines);
        expect(renderDiagnostic(finding).length).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it('have no unknown keyword but those that keepalived calls unknown too', () => {
    // Exit status 2 ends keepalived before it has read the rest.
    const whole = judged.filter(({ exit }) => exit !== 2);
    const surplus = whole.flatMap(({ name, text, messages }) => {
      const unknown = new Set(messages.flatMap((message) => /Unknown keyword '(.*)'/.exec(message)?.[1] ?? []));
      return parseConfig(text, name)
        .diagnostics.filter(({ code }) => code === 'unknown-keyword')
        .map(({ lineText, column, length = 0 }) => lineText.slice(column - 1, column - 1 + length))
        .filter((keyword) => !unknown.has(keyword))
        .map((keyword) => `${name} ${keyword}`);
    });
    expect(surplus).toEqual([]);
  });

  it('get the exit status of keepalived -t in at least 97 of 100', () => {
    const disagreeing = judged.filter((sample) => parseConfig(sample.text, '').exitCode !== verdictWithoutHost(sample));
    const agreeing = judged.length - disagreeing.length;
    console.log(
      `exit status: ${agreeing} of ${judged.length} agree (${samples.length - judged.length} with definitions or includes ` +
        `left out); not: ${disagreeing.map(({ name }) => name).join(', ')}`,
    );
    expect(agreeing / judged.length).toBeGreaterThanOrEqual(0.97);
  });

  it('get the values that keepalived resolved, all of them', () => {
    const compared = judged.filter(({ text }) => !CHANGES_VALUES.test(text));
    const values = compared.flatMap(compare);
    console.log(`values: ${values.length} in ${compared.length} files`);
    expect(values.length).toBeGreaterThan(1000);
    expect(values.filter((difference) => difference !== '')).toEqual([]);
  });
});
