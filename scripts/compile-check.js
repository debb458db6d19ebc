// node compile-check.js BUNDLE: runs the bundle of `check FILE` once and keeps, beside it, what V8 compiled for that.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { compiledFile } from '../bin/check-alone.js';

/** Blocks as most files have them: what they need is compiled, all else when it is first called. */
const SAMPLE = `
! a comment
global_defs {
    router_id one
}
vrrp_script alive {
    script "/bin/true"
    interval 2
}
vrrp_instance one {
    state BACKUP
    interface eth0
    virtual_router_id 1
    version 3
    priority 100
    advert_int 1
    nopreempt
    authentication {
        auth_type PASS
        auth_pass secret
    }
    unicast_src_ip 192.0.2.1
    unicast_peer {
        192.0.2.2
    }
    virtual_ipaddress {
        192.0.2.3/24 dev eth0
    }
    track_script {
        alive
    }
    notify_master "/bin/true"
}
`;

const bundle = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'kavtui-build-'));
try {
  const sample = join(folder, 'sample.conf');
  writeFileSync(sample, SAMPLE);
  const script = new Script(readFileSync(bundle, 'latin1'), { filename: bundle });
  const module = { exports: {} };
  script.runInThisContext()(createRequire(bundle), module);
  module.exports.checkAlone(sample);
  writeFileSync(compiledFile(bundle), script.createCachedData());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// What it found is of no interest here.
process.exitCode = 0;
