// A packet beside our own configuration, and the view that tells it.
import { describe, expect, it } from 'vitest';
import type { Packet } from '../../src/session/messages.ts';
import { packetChecks } from '../../src/ui/packet-checks.ts';
import { initialState, withExtra } from '../../src/ui/state.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { viewContext } from '../../src/ui/views/context.ts';
import { packetsView } from '../../src/ui/views/packets.ts';
import { paneLines } from '../../src/ui/views/pane.ts';
import {
  FAKE_INFO,
  fakeInstance,
  fakeMaster,
  fakePacket,
  fakeSnapshot,
  SECOND,
  ENGINE_START as T0,
} from '../support/fake-session.ts';

const received = (more: Partial<Packet> = {}): Packet =>
  fakePacket(7, T0, { direction: 'received', source: '10.0.0.2', ...more });
const instances = [fakeMaster(T0), fakeInstance(T0)];

describe('a received advert beside our configuration', () => {
  it.each<[string, Partial<Packet>, string[]]>([
    ['agrees', {}, []],
    ['is for a VRID that no instance has', { vrid: 99 }, ['ALIEN']],
    ['is on an interface where that VRID is not ours', { interface: 'eth7' }, ['ALIEN']],
    ['is of the other family', { source: 'fe80::2' }, ['ALIEN']],
    ['has another version', { version: 2 }, ['VER']],
    ['has another interval', { intervalUs: 100_000 }, ['INTERVAL']],
    ['lacks an address', { addresses: ['192.0.2.10'] }, ['VIPS']],
    [
      'has one more, and another interval',
      { addresses: ['192.0.2.10', '192.0.2.11', '192.0.2.12'], intervalUs: 1 },
      ['INTERVAL', 'VIPS'],
    ],
  ])('%s', (_, more, marks) => {
    expect(packetChecks(received(more), instances).flatMap(({ mark }) => mark ?? [])).toEqual(marks);
  });

  it('is alien when it comes from no unicast peer', () => {
    const unicast = [fakeMaster(T0, { unicast: true, destinations: ['10.0.0.3'] })];
    expect(packetChecks(received(), unicast)[0]).toMatchObject({ ok: false, mark: 'ALIEN' });
  });

  it('is not asked of our own adverts and of announcements', () => {
    expect(packetChecks(received({ direction: 'sent', vrid: 99 }), instances)).toEqual([]);
    expect(packetChecks(received({ protocol: 'arp', vrid: undefined }), instances)).toEqual([]);
  });
});

describe('the view', () => {
  const options = { color: 'never', ascii: true } as const;
  const draw = (packets: Packet[], hex = false): string => {
    const state = {
      ...initialState(FAKE_INFO, { columns: 80, rows: 24 }, options),
      snapshot: { ...fakeSnapshot(T0 + SECOND), instances },
      clockOffset: T0 + SECOND,
      packets,
    };
    const context = viewContext(withExtra(state, 'packets', { hex }), 'packets', 0);
    return paneLines(packetsView, context, { width: 80, height: 20 })
      .map((line) => createTheme(options).paint(line, 80).trimEnd())
      .join('\n');
  };

  it('marks what differs and says under the list how', () => {
    const text = draw([received({ vrid: 99 })]);
    expect(text).toMatch(/vrid 99 .*ALIEN/);
    expect(text).toContain('X no instance here has VRID 99 on eth0.10');
  });

  it('shows the bytes first when asked to', () => {
    const bytes = new TextEncoder().encode('0123456789abcdefXYZ');
    const rows = draw([received({ bytes })], true).split('\n');
    const at = rows.findIndex((row) => row.startsWith('-- Packet #7'));
    expect(rows[at + 1]).toContain('0123456789abcdef');
  });
});
