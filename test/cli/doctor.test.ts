import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { doctor } from '../../src/cli/doctor.ts';

const folder = mkdtempSync(join(tmpdir(), 'kavtui-doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('doctor', () => {
  it('exits as for an error when the file that it is given has errors', async () => {
    const file = join(folder, 'broken.conf');
    writeFileSync(file, 'vrrp_instance V {\n interface lo\n virtual_router_id 300\n}\n', { mode: 0o644 });
    let text = '';
    const out = (part: string): void => {
      text += part;
    };
    const write = { out, err: () => {} };
    expect(await doctor({ file, json: true, seconds: 0.1 }, write)).toBe(11);
    const told = JSON.parse(text) as { exit: number; unseen: readonly { why: string }[] };
    expect(told.exit).toBe(11);
    expect(told.unseen.map(({ why }) => why).join()).toContain('kavtui check');
  });
});
