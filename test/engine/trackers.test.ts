// Tracked files and processes, from the words of the file to the priority and to FAULT.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { NodeConfig } from '../../src/engine/config.ts';
import { dumpData } from '../../src/engine/dump-data.ts';
import { readNumber } from '../../src/engine/files.ts';
import { SECOND } from '../support/instance.ts';
import { kinds, lines, link, type NodeOptions, testNode } from '../support/node.ts';

function config(blocks: string, tracked: string, more = '', priority = 100): NodeConfig {
  const instance = `interface eth0\nvirtual_router_id 51\npriority ${priority}\nvirtual_ipaddress {\n10.0.0.100\n}`;
  const text = `${blocks}\nvrrp_instance VI_1 {\n${instance}\n${tracked}\n}\n${more}`;
  const { config, diagnostics } = parseConfig(text, 'test.conf');
  expect(diagnostics.filter(({ blocking }) => blocking)).toEqual([]);
  return config;
}

const start = (read: NodeConfig, options: NodeOptions = {}) => testNode(read, [link()], options);
const file = (lines = '') => `track_file f {\nfile /run/f\n${lines}\n}`;
const tracking = (kind: string, line: string) => `track_${kind} {\n${line}\n}`;

describe('the number in a file', () => {
  it.each([
    ['20\n', 20],
    [' \t-30 more', -30],
    ['0x10', 16],
    ['010', 8],
    ['08', 0],
    ['0x', 0],
    ['+7', 7],
    ['text', 0],
    ['', 0],
    ['99999999999', 99999999999],
  ])('%j is %d', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });
});

describe('a tracked file', () => {
  // Block, line of the instance, content of the file → state, priority; as keepalived was observed to do.
  it.each([
    ['', 'f', '20', 'BACKUP', 120],
    ['weight 2', 'f', '20', 'BACKUP', 140],
    ['weight 2', 'f weight 3', '-20', 'BACKUP', 40],
    ['weight 2 reverse', 'f', '20', 'BACKUP', 60],
    ['', 'f', '300', 'BACKUP', 254],
    ['', 'f', '-253', 'BACKUP', 1],
    ['', 'f', '-254', 'FAULT', 100],
    ['weight 2', 'f', '-127', 'FAULT', 100],
    ['weight 0', 'f', '0', 'BACKUP', 100],
    ['weight 0', 'f', '1', 'FAULT', 100],
    ['weight 0 reverse', 'f', '0', 'FAULT', 100],
    ['weight 0 reverse', 'f', '-1', 'BACKUP', 100],
    ['weight 0', 'f', undefined, 'BACKUP', 100],
  ])('%j, tracked as %j, with %j in it: %s %d', (block, line, text, state, effectivePriority) => {
    const files = text === undefined ? {} : { '/run/f': text };
    const node = start(config(file(block), tracking('file', line)), { files });
    expect(node.instance()).toMatchObject({ state, effectivePriority });
  });

  it.each([
    ['f weight 254', 254],
    ['f weight 255', 1],
  ])('tracked as %j has weight %d', (line, weight) => {
    const { config: read } = parseConfig(
      `${file()}\nvrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\nvirtual_ipaddress {\n10.0.0.100\n}\n${tracking('file', line)}\n}\n`,
      'test.conf',
    );
    expect(read.instances[0]!.trackFiles).toMatchObject([{ weight }]);
  });

  it('that goes is 0; a number beyond 32 bits changes nothing and is told of', () => {
    const node = start(config(file(), tracking('file', 'f')), { files: { '/run/f': '20' } });
    expect(lines(node.write('/run/f', '9999999999'))).toEqual([
      'Invalid number 9999999999 read from /run/f - ignoring',
    ]);
    expect(node.instance().effectivePriority).toBe(120);
    expect(lines(node.write('/run/f', undefined))).toEqual([
      'Track file f is 0, was 20',
      'Changing effective priority from 120 to 100',
    ]);
  });

  it('in FAULT says why, and is shown with its number', () => {
    const node = start(config(file(), tracking('file', 'f')), { files: { '/run/f': '-400' } });
    expect(node.instance()).toMatchObject({
      faults: ['file f holds -400, weight 1'],
      trackers: [{ name: 'f', kind: 'file', ok: false, detail: '-400', contribution: 0 }],
    });
    expect(node.snapshot().files).toEqual([{ name: 'f', path: '/run/f', value: -400, usedBy: ['VI_1'] }]);
  });

  it.each([
    ['init_file 7', undefined, 107],
    ['init_file 7', '9', 109],
    ['init_file 7 overwrite', '9', 107],
    ['init_file overwrite', '9', 100],
  ])('%s over %j gives priority %d', (line, text, priority) => {
    const files = text === undefined ? {} : { '/run/f': text };
    const node = start(config(file(line), tracking('file', 'f')), { files });
    expect(node.instance().effectivePriority).toBe(priority);
  });

  it('is not written again by a reload, and keeps its number', () => {
    const read = config(file('init_file 7 overwrite'), tracking('file', 'f'));
    const node = start(read);
    node.write('/run/f', '30');
    expect(kinds(node.reload(read))).toEqual([]);
    expect(node.instance().effectivePriority).toBe(130);
    const heavier = config(file('init_file 7 overwrite\nweight 2'), tracking('file', 'f'));
    expect(kinds(node.reload(heavier))).not.toContain('initialiseFile');
    expect(node.instance().effectivePriority).toBe(160);
  });

  it('that nobody tracks is made but not watched', () => {
    const effects: string[] = [];
    start(config(file('init_file'), ''), { onEffect: ({ kind }) => effects.push(kind) });
    expect(effects).toContain('initialiseFile');
    expect(effects).not.toContain('watchFiles');
  });
});

describe('an owner, and a member of a sync group,', () => {
  const group = (lines = '') => `vrrp_sync_group G {\ngroup {\nVI_1\n}\n${lines}\n}`;
  it.each([
    ['an owner: the default weight becomes a FAULT condition', '', 'f', '', 255, 'FAULT', 255],
    ['an owner: another weight is not tracked', '', 'f weight 5', '', 255, 'MASTER', 255],
    ['a member: the default weight becomes a FAULT condition', '', 'f', group(), 100, 'FAULT', 100],
    ['a member: another weight is not tracked', 'weight 2', 'f', group(), 100, 'BACKUP', 100],
    ['with sync_group_tracking_weight it counts', '', 'f', group('sync_group_tracking_weight'), 100, 'BACKUP', 105],
    ['what the group tracks counts', '', '', group(tracking('file', 'f weight 3')), 100, 'BACKUP', 115],
  ])('%s', (_title, block, line, more, priority, state, effectivePriority) => {
    const read = config(file(block), line === '' ? '' : tracking('file', line), more, priority);
    const node = start(read, { files: { '/run/f': '5' } });
    expect(node.instance()).toMatchObject({ state, effectivePriority });
  });
});

describe('tracked processes', () => {
  const block = (lines = '') => `vrrp_track_process p {\nprocess haproxy\n${lines}\n}`;
  // As for scripts: above 0 added with the quorum, below 0 without.
  it.each([
    ['', 1, 'BACKUP', 100],
    ['', 0, 'FAULT', 100],
    ['weight 0 reverse', 1, 'FAULT', 100],
    ['weight 10', 1, 'BACKUP', 110],
    ['weight 10', 0, 'BACKUP', 100],
    ['weight -10', 0, 'BACKUP', 90],
    ['weight -7 reverse', 0, 'BACKUP', 107],
    ['weight 10\nquorum 2', 1, 'BACKUP', 100],
    ['weight 10\nquorum 2\nquorum_max 4', 4, 'BACKUP', 110],
    ['weight 10\nquorum 2\nquorum_max 4', 5, 'BACKUP', 100],
    ['weight 10\nquorum_max 0', 0, 'BACKUP', 110],
    ['weight 10\nquorum_max 0', 1, 'BACKUP', 100],
    ['weight 10\nquorum 5\nquorum_max 3', 6, 'BACKUP', 110],
  ])('%j with %d of them: %s %d', (lines, count, state, effectivePriority) => {
    const node = start(config(block(lines), tracking('process', 'p')), { processes: { p: count } });
    expect(node.instance()).toMatchObject({ state, effectivePriority });
  });

  it('count late as fork_delay and terminate_delay say, and not at all when the count comes back', () => {
    const delays = 'quorum 2\nfork_delay 1\nterminate_delay 0.5\nweight 10';
    const node = start(config(block(delays), tracking('process', 'p')), { processes: { p: 2 } });
    const priority = () => node.instance().effectivePriority;
    expect(priority()).toBe(110);
    node.count('p', 1);
    node.runTo(0.4 * SECOND);
    node.count('p', 2);
    node.runTo(SECOND);
    expect(priority()).toBe(110);
    node.count('p', 0);
    node.runTo(1.2 * SECOND);
    node.count('p', 1);
    expect([priority(), node.snapshot().processes[0]!.changesAt]).toEqual([110, 1.5 * SECOND]);
    expect(lines(node.runTo(1.5 * SECOND))).toContain('Quorum lost for tracked process p');
    expect(priority()).toBe(100);
    node.count('p', 3);
    node.runTo(2.4 * SECOND);
    expect(priority()).toBe(100);
    node.runTo(2.5 * SECOND);
    expect(priority()).toBe(110);
  });

  it('that are missing say in FAULT how many there are', () => {
    const node = start(config(block('quorum 2\nquorum_max 4'), tracking('process', 'p')));
    expect(node.instance()).toMatchObject({ state: 'FAULT', faults: ['process p has no quorum (0 of 2..4)'] });
  });

  it('keep their count over a reload with another quorum', () => {
    const node = start(config(block('weight 10'), tracking('process', 'p')), { processes: { p: 1 } });
    const effects = node.reload(config(block('weight 10\nquorum 2'), tracking('process', 'p')));
    expect(kinds(effects)).toEqual([]);
    expect(node.instance().effectivePriority).toBe(100);
  });

  it.each([
    ['process haproxy', { path: 'haproxy', parameters: [], match: 'name' }],
    ['process haproxy\nfull_command', { path: 'haproxy', parameters: [], match: 'command' }],
    ['process "/a b" "c d" e', { path: '/a b', parameters: ['c d', 'e'], match: 'exact' }],
    ['process x\nparam_match', { parameters: [], match: 'exact' }],
    ['process x -f\nparam_match initial', { parameters: ['-f'], match: 'initial' }],
    ['process x -f\nparam_match partial', { match: 'partial' }],
    ['process x\ndelay 2\nfork_delay 0.5', { forkDelayUs: 500_000, terminateDelayUs: 2_000_000 }],
  ])('%j', (text, expected) => {
    const { config: read } = parseConfig(`vrrp_track_process p {\n${text}\n}\n`, 'test.conf');
    expect(read.trackProcesses).toMatchObject([expected]);
  });
});

describe('the data dump', () => {
  it('shows them as keepalived 2.2.7 does', () => {
    const blocks = `track_file tf {
      file /run/val
      weight 2
    }
    track_file t0 {
      file /run/val0
      weight 0 reverse
    }
    vrrp_track_process tp {
      process sleep 1234
      weight 10
      quorum 2
      quorum_max 4
      terminate_delay 0.5
      fork_delay 1
    }`;
    const group = 'vrrp_sync_group G {\ngroup {\nVI_1\n}\ntrack_file {\ntf weight 3\n}\n}';
    const read = config(blocks, 'track_file {\ntf\nt0\n}\ntrack_process {\ntp weight -7 reverse\n}', group);
    const node = start(read, { files: { '/run/val': '5' } });
    const context = { links: [link()], localTime: () => 'Sun', identity: () => '0:0' };
    const text = dumpData(read, node.snapshot(), context);
    for (const lines of [
      '   Tracked files :\n     t0, weight 0 reverse\n   Tracked processes :\n     tp, weight -7 reverse\n',
      '   Using smtp notification = no\n   Tracked files :\n     tf, weight 3\n',
      ` Track file = tf
   File = /run/val
   Status = 5
   Weight = 2
   Tracking instances :
     VI_1, weight 3
 Track file = t0
   File = /run/val0
   Status = 0
   Weight = 0 reverse
   Tracking instances :
     VI_1, weight 0 reverse
------< VRRP Track processes >------
 VRRP Track process = tp
   Process = sleep
   Parameters = 1234
   Param match
   Min processes = 2
   Max processes = 4
   Current processes = 0
   Have quorum = false
   Weight = 10
   Terminate delay = 0.500000s
   Fork delay = 1.000000s
   Fork delay timer not running
   Terminate delay timer not running
   Full command = true
   Tracking instances :
     VI_1, weight -7 reverse
`,
    ])
      expect(text).toContain(lines);
  });
});
