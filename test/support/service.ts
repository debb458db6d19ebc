// A local HTTPS service in a host of a lab, with a certificate made on the spot, and the check script that asks it.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kill, run, until } from './host.ts';
import type { Host, Lab } from './lab.ts';

const SERVER = fileURLToPath(new URL('./https-server.mjs', import.meta.url));
const PORT = 8443;

export interface Service {
  /** The check script: exits 0 when the service answers 200. */
  readonly check: string;
  start(): Promise<void>;
  /** Kills the service. */
  stop(): Promise<void>;
}

export async function httpsService(lab: Lab, host: Host): Promise<Service> {
  const [key, certificate, check] = ['key.pem', 'cert.pem', 'check.sh'].map((name) => join(host.directory, name)) as [
    string,
    string,
    string,
  ];
  const request = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  await run('openssl', ['req', ...request, '-subj', '/CN=localhost', '-keyout', key, '-out', certificate]);
  writeFileSync(
    check,
    `#!/bin/bash
code=$(curl -k -s -o /dev/null -w '%{http_code}' https://127.0.0.1:${PORT}/)
[ "$code" = 200 ]
`,
    { mode: 0o755 },
  );
  let end: (() => Promise<void>) | undefined;
  return {
    check,
    start: async () => {
      const command = [process.execPath, SERVER, String(PORT), key, certificate];
      const child = spawn('ip', ['netns', 'exec', host.namespace, ...command], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const pid = child.pid!;
      lab.spawned.add(pid);
      let listening = false;
      child.stdout.on('data', () => {
        listening = true;
      });
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      await until('the HTTPS service listens', 5000, () => listening);
      end = () => {
        kill(pid, 'SIGKILL');
        return exited;
      };
    },
    stop: async () => {
      await end?.();
    },
  };
}
