// `kavtui check` of several files: exit status, JSON, SARIF, and pairs of routers that people really had.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkHosts, hostNames } from '../../src/cli/check-hosts.ts';

let folder: string;
const files: Record<string, string> = {};

const config = (priority: number, addresses: string, extra = '') => `vrrp_instance VI_1 {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority ${priority}
  authentication {
    auth_type PASS
    auth_pass topsecre
  }
  ${extra}
  virtual_ipaddress {
    ${addresses}
  }
}
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kavtui-hosts-'));
  const texts = {
    'lb1.conf': config(150, '192.0.2.100/24'),
    'lb2.conf': config(100, '192.0.2.100/24'),
    'drift.conf': config(100, '192.0.2.100/24\n192.0.2.101/24'),
    'typo.conf': config(100, '192.0.2.100/24', 'preemt'),
    'late.conf': config(100, '192.0.2.100/32'),
  };
  for (const [name, text] of Object.entries(texts)) {
    files[name] = join(folder, name);
    writeFileSync(files[name], text);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(names: readonly string[], options: { json?: boolean; sarif?: boolean } = {}) {
  const written = { out: '', err: '' };
  const write = {
    out: (text: string) => {
      written.out += text;
    },
    err: (text: string) => {
      written.err += text;
    },
  };
  const paths = names.map((name) => files[name] ?? name);
  const exit = checkHosts(paths, { json: options.json ?? false, sarif: options.sarif ?? false }, write);
  return { exit, ...written };
}

it.each([
  [['lb1.conf', 'lb2.conf'], 0],
  [['lb1.conf', 'late.conf'], 10],
  [['lb1.conf', 'drift.conf'], 11],
  [['lb1.conf', 'typo.conf'], 11],
  [['lb1.conf', '/nonexistent/lb2.conf'], 4],
])('check %j exits with %i', (names, exit) => {
  expect(run(names).exit).toBe(exit);
});

it('the text has each file, the findings with their places, the verdicts and the times', () => {
  const { out } = run(['lb1.conf', 'drift.conf']);
  expect(out).toContain(`${files['lb1.conf']}: 1 instance`);
  expect(out).toContain('error D07 (proven) vrid 51 IPv4: drift does not have the addresses of lb1: +192.0.2.101');
  expect(out).toContain(`    ${files['drift.conf']}:11: drift VI_1: addresses 192.0.2.100 192.0.2.101`);
  expect(out).toContain('If lb1 returns while drift is MASTER it WILL take the VIP back');
  expect(out).toContain('crashed: 3.609 s');
  expect(out.trimEnd().split('\n').at(-1)).toBe('2 hosts, 1 virtual router in common: 1 error');
});

it('the JSON is that of one file with the comparison added, and without passwords', () => {
  const { out, exit } = run(['lb1.conf', 'drift.conf'], { json: true });
  const json = JSON.parse(out);
  expect(json).toMatchObject({ exit, files: [files['lb1.conf'], files['drift.conf']], alone: [] });
  expect(json.instances).toHaveLength(2);
  expect(json.findings[0]).toMatchObject({ id: 'D07', severity: 'error', subject: 'vrid 51 IPv4' });
  expect(json.routers[0]).toMatchObject({ vrid: 51, family: 4, leader: 'lb1' });
  expect(out).not.toContain('topsecre');
});

describe('the SARIF log', () => {
  /** What the schema of SARIF 2.1.0 requires of the objects that are used. */
  const REQUIRED = {
    log: ['version', 'runs'],
    run: ['tool'],
    driver: ['name'],
    rule: ['id'],
    result: ['message'],
    location: ['physicalLocation'],
  };
  const has = (value: object, names: string[]) => expect(Object.keys(value)).toEqual(expect.arrayContaining(names));

  it('has what the schema requires, rules that results refer to, places and levels', () => {
    const { out, exit } = run(['lb1.conf', 'typo.conf'], { sarif: true });
    const log = JSON.parse(out);
    expect(exit).toBe(11);
    has(log, REQUIRED.log);
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toMatch(/sarif-schema-2\.1\.0\.json$/);
    const [run1] = log.runs;
    has(run1, REQUIRED.run);
    const { driver } = run1.tool;
    has(driver, REQUIRED.driver);
    for (const rule of driver.rules) {
      has(rule, REQUIRED.rule);
      expect(typeof rule.shortDescription.text).toBe('string');
    }
    expect(run1.results.length).toBeGreaterThan(1);
    for (const result of run1.results) {
      has(result, REQUIRED.result);
      expect(result.message.text).not.toBe('');
      expect(['none', 'note', 'warning', 'error']).toContain(result.level);
      expect(driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      for (const location of [...result.locations, ...(result.relatedLocations ?? [])]) {
        has(location, REQUIRED.location);
        expect(location.physicalLocation.artifactLocation.uri).toMatch(/^file:\/\/\/.*\.conf$/);
        expect(location.physicalLocation.region.startLine).toBeGreaterThan(0);
      }
    }
    expect(run1.results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(['unknown-keyword', 'D40']);
    expect(out).not.toContain('topsecre');
  });

  it('tells of a file that cannot be read', () => {
    const [{ invocations }] = JSON.parse(run(['lb1.conf', '/nonexistent.conf'], { sarif: true }).out).runs;
    expect(invocations[0].executionSuccessful).toBe(false);
    expect(invocations[0].toolExecutionNotifications[0].message.text).toContain('/nonexistent.conf');
  });
});

it.each([
  [
    ['a/lb1.conf', 'b/lb2.conf'],
    ['lb1', 'lb2'],
  ],
  [
    ['lb1/keepalived.conf', 'lb2/keepalived.conf'],
    ['lb1', 'lb2'],
  ],
  [
    ['x/lb1/k.conf', 'y/lb1/k.conf'],
    ['x/lb1/k.conf', 'y/lb1/k.conf'],
  ],
  [
    ['k.conf', 'k.conf'],
    ['k.conf (1)', 'k.conf (2)'],
  ],
])('files %j are hosts %j', (paths, names) => {
  expect(hostNames(paths)).toEqual(names);
});

const CORPUS = join(import.meta.dirname, '../../../shared/corpus');
const TRACES = join(CORPUS, 'traces');

describe.skipIf(!existsSync(TRACES))('pairs that keepalived ran (skipped where the corpus is not there)', () => {
  it('have no error and no warning', () => {
    for (const trace of readdirSync(TRACES)) {
      const [a, b] = ['a', 'b'].map((name) => join(TRACES, trace, `${name}.conf`));
      const { exit, out } = run([a!, b!]);
      expect(`${trace}: ${exit}\n${exit === 0 ? '' : out}`).toBe(`${trace}: 0\n`);
    }
  });

  it.each<[string, string, readonly string[]]>([
    ['published/143', 'published/142', []],
    ['published/162', 'published/161', []],
    ['published/174', 'published/173', []],
    ['published/177', 'published/175', []],
    ['published/113', 'published/114', ['D04 warning']],
    ['published/089', 'published/090', ['D04 warning', 'D39 warning']],
    ['published/070', 'published/071', ['D05 error']],
    ['issues/m0836', 'issues/m0835', ['D21 warning', 'D39 info']],
  ])('%s and %s, as published: %j', (a, b, found) => {
    const json = JSON.parse(
      run(
        [a, b].map((name) => join(CORPUS, `${name}.conf`)),
        { json: true },
      ).out,
    );
    const findings = json.findings as { id: string; severity: string }[];
    expect(findings.map(({ id, severity }) => `${id} ${severity}`)).toEqual(found);
  });
});
