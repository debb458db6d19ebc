import { describe, expect, it } from 'vitest';
import { endJson, eventJson, eventText } from '../../src/cli/watch-lines.ts';
import { advert, hearing } from '../observe/wire-lab.ts';

/** The clock of the observer began at this moment. */
const toWall = (at: number): number => at + 1_790_000_000_000_000;

function lab() {
  const heard = hearing();
  heard.adverts('192.0.2.11', [1, 2, 3], { priority: 150 });
  heard.adverts('192.0.2.11', [3.5], { priority: 0 });
  heard.adverts('192.0.2.12', [4.25]);
  return heard;
}

describe('JSON lines', () => {
  it('a change of MASTER has exactly these fields, in this order, null for what there is not', () => {
    const [first, second] = lab().events.filter(({ type }) => type === 'master');
    expect(eventJson(first!, toWall)).toBe(
      '{"time":1790000001,"type":"master","interface":"eth0","vlan":null,"family":4,"vrid":51,"address":"192.0.2.11",' +
        '"previous":null,"priority":150,"version":2,"cause":"first","takeover":null}',
    );
    expect(JSON.parse(eventJson(second!, toWall))).toEqual({
      time: 1790000004.25,
      type: 'master',
      interface: 'eth0',
      vlan: null,
      family: 4,
      vrid: 51,
      address: '192.0.2.12',
      previous: '192.0.2.11',
      priority: 100,
      version: 2,
      cause: 'priority-0',
      takeover: 0.75,
    });
  });

  it('a capture that does not tell its interface has null there', () => {
    const { observer, events } = hearing();
    observer.observe({ interface: '', linkType: 1, bytes: advert('fe80::11', { vlan: 7 }), cut: false }, 0);
    expect(JSON.parse(eventJson(events.at(-1)!, toWall))).toMatchObject({ interface: null, vlan: 7, family: 6 });
  });

  it('a time as MASTER is told whole when it ends, and at the end of the watch', () => {
    const { events, observer } = lab();
    const left = events.find(({ type }) => type === 'left')!;
    expect(JSON.parse(eventJson(left, toWall))).toMatchObject({
      time: 1790000003.5,
      address: '192.0.2.11',
      cause: 'priority-0',
      master: null,
      order: 1,
      first: 1790000001,
      last: 1790000003,
      adverts: 3,
    });
    const lines = endJson(observer.snapshot(), toWall).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ type }) => type)).toEqual(['still-master', 'router', 'router', 'end']);
    expect(lines[0]).toMatchObject({ address: '192.0.2.12', order: 2, first: 1790000004.25, adverts: 1, cause: null });
    expect(lines[1]).toMatchObject({ address: '192.0.2.11', role: 'SILENT', priority: 150, interval: 1 });
    expect(lines[1]).toMatchObject({ gaps: { count: 2, max: 1, nearMisses: 0 } });
    expect(lines[3]).toMatchObject({ time: 1790000004.25, frames: 5, adverts: 5 });
  });

  it('a watch that saw nothing ends with its counts', () => {
    expect(endJson(hearing().observer.snapshot(), toWall)).toHaveLength(1);
  });
});

it('sentences for people', () => {
  const text = lab().events.map((event) => eventText(event, toWall).replace(/^\S+ /, ''));
  expect(text.slice(0, 4)).toEqual([
    'eth0 IPv4 vrid 51: 192.0.2.11 (02:00:00:00:00:11) speaks VRRPv2, priority 150, interval 1.000 s, for 192.0.2.100',
    'eth0 IPv4 vrid 51: 192.0.2.11 is MASTER (priority 150), heard first',
    'eth0 IPv4 vrid 51: 192.0.2.11 is MASTER no more: it resigned; there is none',
    'eth0 IPv4 vrid 51: 192.0.2.12 (02:00:00:00:00:12) speaks VRRPv2, priority 100, interval 1.000 s, for 192.0.2.100',
  ]);
});
