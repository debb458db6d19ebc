// How fast a capture is read: `node scripts/bench.js read-capture [ADVERTS]`. Generates a file of a million adverts (half of
// them IPv6, half of them version 2, passwords and AH included, one router in ten losing its place now and then) and reads
// it as `watch -r` does, on one core. Prints frames per second and the memory that was needed.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { piecesOf } from '../../src/cli/watch-file.ts';
import { createObserver } from '../../src/observe/observer.ts';
import { AH_PROTOCOL, encodeAh } from '../../src/wire/ah.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { ETHERTYPE, encodeEthernet, multicastMac } from '../../src/wire/ethernet.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encodeIpv6 } from '../../src/wire/ipv6.ts';
import { pcapHeader, pcapRecord } from '../../src/wire/pcap.ts';
import { createCaptureReader } from '../../src/wire/pcap-stream.ts';
import { VRRP_GROUP, VRRP_PROTOCOL } from '../../src/wire/vrrp.ts';

const ROUTERS = 40;
const [count = '1000000', part, target = ''] = process.argv.slice(2);
const adverts = Number(count);
if (part === 'write') generate(target);
else if (part === 'read') await read(target);
else measure();

/** Each part in a process of its own, without flags: what the others leave behind is not the reader's memory. */
function measure(): void {
  const folder = mkdtempSync(join(tmpdir(), 'kavtui-bench-'));
  try {
    for (const each of ['write', 'read', 'read', 'read']) {
      spawnSync(process.execPath, [process.argv[1]!, count, each, join(folder, 'adverts.pcap')], { stdio: 'inherit' });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every advert as a real router sends it: the id in its IPv4 header counts up, so no two are alike. */
function advertOf(router: number, id: number): Uint8Array {
  const family = router % 2 === 0 ? 4 : 6;
  const version = router % 4 < 2 ? 2 : 3;
  const behindAh = family === 4 && version === 2 && router % 8 === 0;
  const source = family === 4 ? `192.0.2.${10 + router}` : `fe80::${(16 + router).toString(16)}`;
  const destination = VRRP_GROUP[family];
  const vips = family === 4 ? [`192.0.2.${200 + (router >> 1)}`, '192.0.2.250'] : ['fe80::100', `2001:db8::${router}`];
  const fields = {
    version,
    vrid: 1 + (router >> 1),
    priority: 100 + (router % 50),
    addresses: vips,
    intervalUs: 1_000_000,
    ...(version === 2 && { password: 'secret99' }),
    ...(behindAh && { ahSequence: id }),
  } as const;
  const message = encodeAdvert(fields, { family, source, destination });
  const ip = { source, destination, ttl: 255, tos: 0xc0, id: id & 0xffff };
  const payload = behindAh ? encodeAh(message, { sequence: id, password: 'secret99' }, ip) : message;
  const protocol = behindAh ? AH_PROTOCOL : VRRP_PROTOCOL;
  const packet = family === 4 ? encodeIpv4({ ...ip, protocol, payload }) : encodeIpv6({ ...ip, protocol, payload });
  const mac = `02:00:00:00:00:${router.toString(16).padStart(2, '0')}`;
  const etherType = family === 4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6;
  return encodeEthernet({
    destination: multicastMac(destination),
    source: mac,
    vlan: undefined,
    etherType,
    payload: packet,
  });
}

function generate(file: string): void {
  const fd = openSync(file, 'w');
  writeSync(fd, pcapHeader());
  let parts: Uint8Array[] = [];
  for (let i = 0; i < adverts; i++) {
    const round = Math.floor(i / ROUTERS);
    const at = BigInt(round) * 1_000_000_000n + BigInt((i % ROUTERS) * 1000) + 1_790_000_000_000_000_000n;
    parts.push(pcapRecord({ at, bytes: advertOf(i % ROUTERS, round + 1) }));
    if (parts.length < 4096 && i < adverts - 1) continue;
    writeSync(fd, Buffer.concat(parts));
    parts = [];
  }
  closeSync(fd);
}

async function read(file: string): Promise<void> {
  const events: Record<string, number> = {};
  const observer = createObserver({
    onEvent: ({ type }) => {
      events[type] = (events[type] ?? 0) + 1;
    },
  });
  const reader = createCaptureReader(({ at, bytes, originalLength, interface: { linkType } }) => {
    observer.observe({ interface: '', linkType, bytes, cut: bytes.length < originalLength }, at);
  });
  let highest = 0;
  const before = process.cpuUsage();
  const start = performance.now();
  for await (const chunk of piecesOf(file)) {
    reader.push(chunk);
    highest = Math.max(highest, process.memoryUsage.rss());
  }
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const cpu = (user + system) / 1e6;
  const { counts } = observer.snapshot();
  const rate = (seconds: number): string => Math.round(counts.frames / seconds).toLocaleString('en');
  console.log(
    `${counts.frames} frames, ${counts.adverts} adverts in ${wall.toFixed(2)} s: ${rate(wall)} frames/s ` +
      `(${rate(cpu)} per second of processor time), at most ${(highest / 1e6).toFixed(0)} MB resident; ${JSON.stringify(events)}`,
  );
}
