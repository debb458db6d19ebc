// Options of addresses, beside what keepalived 2.2.7 printed for the same lines.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { addressText } from '../../src/engine/dump-values.ts';

function read(line: string) {
  const { config, diagnostics } = parseConfig(
    `track_group TG {\ngroup {\nVI_1\n}\n}\nstatic_ipaddress {\n${line}\n}\n`,
    'test.conf',
  );
  return { address: config.statics!.addresses![0]!, diagnostics };
}

describe('the line of an address', () => {
  it.each([
    ['10.2.1.1 dev eth1', '10.2.1.1 dev eth1 scope global'],
    ['10.2.2.1/24 dev eth1 noprefixroute', '10.2.2.1/24 dev eth1 scope global noprefixroute'],
    ['fd10::1/64 dev eth1 -nodad', 'fd10::1/64 dev eth1 scope global -nodad preferred_lft forever'],
    ['fd10::2/128 dev eth1', 'fd10::2 dev eth1 scope global deprecated'],
    ['fd10::2/128 dev eth1 preferred_lft forever', 'fd10::2 dev eth1 scope global preferred_lft forever'],
    ['fd10::3/64 dev eth1 preferred_lft 100', 'fd10::3/64 dev eth1 scope global preferred_lft 100'],
    ['fd10::4/64 dev eth1 home mngtmpaddr', 'fd10::4/64 dev eth1 scope global home mngtmpaddr preferred_lft forever'],
    ['fd10::5/64 dev eth1 noprefixroute', 'fd10::5/64 dev eth1 scope global noprefixroute preferred_lft forever'],
    ['fd10::6/64 dev eth1 autojoin', 'fd10::6/64 dev eth1 scope global autojoin preferred_lft forever'],
    ['10.2.3.1/24 dev eth1 preferred_lft 1000', '10.2.3.1/24 dev eth1 scope global'],
    ['10.0.0.55/24 dev eth1 no_track', '10.0.0.55/24 dev eth1 scope global no_track'],
    ['10.0.0.56 peer 10.0.0.57', '10.0.0.56 dev eth0 scope global peer 10.0.0.57/32'],
    ['10.3.0.9/24 dev eth1 track_group TG', '10.3.0.9/24 dev eth1 scope global track_group TG'],
  ])('%s', (line, text) => {
    const { address, diagnostics } = read(line);
    expect(addressText(address, address.interface)).toBe(text);
    expect(diagnostics).toEqual([]);
  });

  it.each(['10.2.1.1 peer 10.2.1.2/32 dev eth1', '10.2.1.1 peer fd00::1 dev eth1'])(
    'without its peer where that is none: %s',
    (line) => {
      const { address, diagnostics } = read(line);
      expect(addressText(address, address.interface)).toBe('10.2.1.1 dev eth1 scope global');
      expect(diagnostics).toMatchObject([{ code: 'invalid-address', severity: 'error' }]);
    },
  );
});
