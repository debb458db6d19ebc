import { describe, expect, it } from 'vitest';
import { applyProcessSettings, changedSettings } from '../../src/linux/process-settings.ts';

describe('settings of another configuration', () => {
  it.each([
    ['the same', { nice: 3, cpus: [0, 1] }, { nice: 3, cpus: [0, 1] }, {}],
    ['others', { nice: 3, cpus: [0, 1] }, { nice: 4, cpus: [1] }, { nice: 4, cpus: [1] }],
    ['new', {}, { name: 'x', umask: 0o22, realTimePriority: 5 }, { name: 'x', umask: 0o22, realTimePriority: 5 }],
    ['gone', { nice: 3, name: 'x' }, {}, {}],
  ])('%s', (_title, before, after, expected) => expect(changedSettings(before, after)).toEqual(expected));
});

describe('what the kernel refuses', () => {
  it('comes back as a line, and does not end the process', () => {
    expect(applyProcessSettings({ cpus: [1023] })).toEqual(['CPU affinity 1023 cannot be set: EINVAL']);
    expect(applyProcessSettings({})).toEqual([]);
  });
});
