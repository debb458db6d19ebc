import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kavtui-alone-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GOOD = `vrrp_instance one {
  interface eth0
  virtual_router_id 1
  virtual_ipaddress {
    192.0.2.1
  }
}
`;

function check(file: string, flags: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, at('bin/kavtui.js'), 'check', file], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe.skipIf(!existsSync(at('dist/.built')))('check of one file without options', () => {
  it.each([
    ['a good file', GOOD, 0],
    ['a file with findings', GOOD.replace('interface eth0', 'interfase eth0'), 5],
    ['a keyword without its word', GOOD.replace('interface eth0', 'interface'), 2],
    ['a file that is not there', undefined, 4],
  ])('says the same as compiled code and as modules: %s', (name, text, status) => {
    const file = join(folder, name.replaceAll(' ', '-'));
    if (text !== undefined) writeFileSync(file, text);
    const compiled = check(file);
    // With another flag V8 rejects what was compiled.
    expect(compiled).toEqual(check(file, ['--no-opt']));
    expect(compiled.status).toBe(status);
    expect(compiled.stdout + compiled.stderr).toContain(file);
  });
});
