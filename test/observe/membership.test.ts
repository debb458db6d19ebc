import { describe, expect, it } from 'vitest';
import { readMembership } from '../../src/observe/membership.ts';
import type { IpFacts } from '../../src/wire/frame.ts';

const facts = (family: 4 | 6, protocol: number, payload: readonly number[]): IpFacts => ({
  family,
  source: family === 4 ? '10.0.0.2' : 'fe80::2',
  destination: family === 4 ? '224.0.0.22' : 'ff02::16',
  ttl: 1,
  protocol,
  tos: 0,
  payload: Uint8Array.from(payload),
});
const igmp = (...payload: number[]) => readMembership(facts(4, 2, payload));
const mld = (...payload: number[]) => readMembership(facts(6, 58, payload));
const GROUP4 = [224, 0, 0, 18];
const GROUP6 = [0xff, 0x02, ...new Array(13).fill(0), 0x12];

describe('a report of IGMP', () => {
  it('of version 2 names one group', () => {
    expect(igmp(0x16, 0, 0, 0, ...GROUP4)).toEqual([{ group: '224.0.0.18', member: true }]);
  });

  it('of version 3 says for each group whether one listens, also behind a record with sources', () => {
    const allow = [5, 0, 0, 1, 232, 1, 1, 1, 10, 0, 0, 9];
    const listens = [4, 0, 0, 0, ...GROUP4];
    const leaves = [3, 0, 0, 0, 224, 0, 0, 251];
    expect(igmp(0x22, 0, 0, 0, 0, 0, 0, 3, ...allow, ...listens, ...leaves)).toEqual([
      { group: '224.0.0.18', member: true },
      { group: '224.0.0.251', member: false },
    ]);
  });

  it.each([
    ['a query', [0x11, 0, 0, 0, ...GROUP4]],
    ['a leave message', [0x17, 0, 0, 0, ...GROUP4]],
    ['a cut one', [0x16, 0, 0]],
    ['one that promises more records than it has', [0x22, 0, 0, 0, 0, 0, 0xff, 0xff, 4, 0, 0, 0, 224]],
  ])('is not %s', (_what, payload) => {
    expect(igmp(...payload)).toEqual([]);
  });
});

describe('a report of MLD', () => {
  it('of version 1 names one group, of version 2 several', () => {
    expect(mld(131, 0, 0, 0, 0, 0, 0, 0, ...GROUP6)).toEqual([{ group: 'ff02::12', member: true }]);
    expect(mld(143, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, ...GROUP6)).toEqual([{ group: 'ff02::12', member: true }]);
  });

  it('is not another message of ICMPv6', () => {
    expect(mld(136, 0, 0, 0, 0, 0, 0, 0, ...GROUP6)).toEqual([]);
  });
});
