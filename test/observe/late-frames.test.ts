// Adverts and announcements have queues of their own in the kernel: in a flood the latter come up to half a second late.
import { describe, expect, it } from 'vitest';
import { advert, announcement, hearing, macOf } from './wire-lab.ts';

const [A, B, VIP] = ['192.0.2.11', '192.0.2.12', '192.0.2.100'];
const LATE = 0.55;

describe('announcements that are heard later than adverts', () => {
  /** B is MASTER, A takes over at 4.5; every frame is stamped when it passed, and announcements are read later. */
  function takeover(late: number) {
    const lab = hearing();
    const frames = [
      ...[1, 2, 3, 4].map((at) => ({ at, read: at, bytes: advert(B) })),
      ...[4.5, 5.5, 6.5, 7.5, 8.5, 9.5].map((at) => ({ at, read: at, bytes: advert(A, { priority: 150 }) })),
      { at: 1.001, read: 1.001 + late, bytes: announcement(VIP, macOf(B)) },
      // What B says last passes just before A takes over, and is read after it.
      { at: 4.4, read: 4.4 + late, bytes: announcement(VIP, macOf(B)) },
      { at: 4.501, read: 4.501 + late, bytes: announcement(VIP, macOf(A)) },
    ];
    for (const { at, bytes } of frames.sort((a, b) => a.read - b.read)) lab.hear(at, bytes);
    lab.observer.finish();
    return lab;
  }

  it.each([0, LATE])('tell the same of who is MASTER and who has the address, %d s late', (late) => {
    const lab = takeover(late);
    expect(lab.told('master', 'left')).toEqual(takeover(0).told('master', 'left'));
    const [owner] = lab.events.filter(({ type }) => type === 'owner').slice(-1);
    expect(owner).toMatchObject({ vip: VIP, mac: macOf(A), router: A });
    expect(lab.events.filter(({ type }) => type === 'finding')).toEqual([]);
    expect(lab.observer.findings()).toEqual([]);
  });
});
