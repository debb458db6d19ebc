import { describe, expect, it } from 'vitest';
import { createEvidence } from '../../src/session/evidence.ts';
import { ENGINE_START, fakeMaster, fakeSnapshot, SECOND } from '../support/fake-session.ts';

const MAC = [1, 0, 0x5e, 0, 0, 22, 2, 0, 0, 0, 0, 2];

/** An IGMPv3 report of 10.0.0.`host`: joins or leaves 224.0.0.18. */
function report(host: number, joins = true): Uint8Array {
  const ip = [0x45, 0, 0, 36, 0, 0, 0x40, 0, 1, 2, 0, 0, 10, 0, 0, host, 224, 0, 0, 22];
  return Uint8Array.from([...MAC, 8, 0, ...ip, 0x22, 0, 0, 0, 0, 0, 0, 1, joins ? 4 : 3, 0, 0, 0, 224, 0, 0, 18]);
}
const frame = (bytes: Uint8Array, at = ENGINE_START, direction: 'received' | 'sent' = 'received') => ({
  bytes,
  at,
  direction,
  interface: 'eth0.10',
});
const snapshot = (at = ENGINE_START) => fakeSnapshot(at, 0, { instances: [fakeMaster(at)] });

describe('evidence of silent hosts', () => {
  it('is a report for the group of VRRP, for as long as a membership lasts', () => {
    const evidence = createEvidence();
    evidence.frame(frame(report(2)));
    const expected = [{ address: '10.0.0.2', interface: 'eth0.10', how: 'report', at: ENGINE_START }];
    expect(evidence.of(snapshot(ENGINE_START + 260 * SECOND))).toEqual(expected);
    expect(evidence.of(snapshot(ENGINE_START + 261 * SECOND))).toEqual([]);
  });

  it('ends with a leave, and is not what this host says itself', () => {
    const evidence = createEvidence();
    evidence.frame(frame(report(2)));
    evidence.frame(frame(report(2, false), ENGINE_START + SECOND));
    evidence.frame(frame(report(1), ENGINE_START, 'sent'));
    expect(evidence.of(snapshot(ENGINE_START + SECOND))).toEqual([]);
  });

  it('is bounded, whatever is forged', () => {
    const evidence = createEvidence();
    for (let i = 0; i < 2000; i++) evidence.frame({ ...frame(report(i % 250)), interface: `eth${i}` });
    expect(evidence.of(snapshot()).length).toBeLessThanOrEqual(256);
  });

  it('is a unicast peer that the neighbour table has confirmed of late; the table is read every ten seconds', () => {
    let reads = 0;
    const evidence = createEvidence(() => {
      reads += 1;
      return [
        { address: '10.0.0.3', confirmedUs: 30 * SECOND },
        { address: '10.0.0.4', confirmedUs: 121 * SECOND },
        { address: '10.0.0.5', confirmedUs: 0 },
      ];
    });
    const unicast = (at: number) =>
      fakeSnapshot(at, 0, {
        instances: [fakeMaster(at, { unicast: true, destinations: ['10.0.0.3', '10.0.0.4'] }), fakeMaster(at)],
      });
    expect(evidence.of(unicast(ENGINE_START))).toEqual([
      { address: '10.0.0.3', interface: 'eth0.10', how: 'neighbour', at: ENGINE_START - 30 * SECOND },
    ]);
    evidence.of(unicast(ENGINE_START + 9 * SECOND));
    expect(reads).toBe(1);
    evidence.of(unicast(ENGINE_START + 10 * SECOND));
    expect(reads).toBe(2);
  });
});
