// Classic BPF programs (linux/filter.h) for our sockets. Pure but for the address of the program.
import { VRRP_TTL } from '../wire/vrrp.ts';
import { SO_ATTACH_FILTER, SOL_SOCKET } from './abi.ts';
import { type FixedMemory, libc } from './libc.ts';

/** One instruction: code, jump if true, jump if false, operand. */
export type Instruction = readonly [code: number, jt: number, jf: number, k: number];

const LOAD_BYTE = 0x30;
const LOAD_HALF = 0x28;
const JUMP = 0x05;
const JUMP_EQUAL = 0x15;
const RETURN = 0x06;
const ACCEPT = 0x40000;
/** Offsets from here on count from the network header (SKF_NET_OFF). */
const NETWORK_HEADER = 0xfff00000;

/** IPv6 packets with hop limit 255 only (RFC 9568 §5.1.2.3); for sockets that see no IPv6 header. */
export const HOP_LIMIT_FILTER: readonly Instruction[] = [
  [LOAD_BYTE, 0, 0, NETWORK_HEADER + 7],
  [JUMP_EQUAL, 0, 1, VRRP_TTL],
  [RETURN, 0, 0, ACCEPT],
  [RETURN, 0, 0, 0],
];

/** Ethernet frames with VRRP, AH, ARP or a neighbour advertisement, plain or with a VLAN tag that is still in the frame. */
export const CAPTURE_FILTER: readonly Instruction[] = [
  [LOAD_HALF, 0, 0, 12],
  [JUMP_EQUAL, 2, 0, 0x8100],
  [JUMP_EQUAL, 1, 0, 0x88a8],
  // Not tagged: over the tests for tagged frames.
  [JUMP, 0, 0, payloadTests(16).length],
  ...payloadTests(16),
  ...payloadTests(12),
];

/** The tests for an ethertype at `at`; ends with accept and refuse. */
function payloadTests(at: number): Instruction[] {
  const ip = at + 2;
  return [
    /* 0 */ [LOAD_HALF, 0, 0, at],
    /* 1 */ [JUMP_EQUAL, 11, 0, 0x0806],
    /* 2 */ [JUMP_EQUAL, 0, 3, 0x0800],
    /* 3 */ [LOAD_BYTE, 0, 0, ip + 9],
    /* 4 */ [JUMP_EQUAL, 8, 0, 112],
    /* 5 */ [JUMP_EQUAL, 7, 8, 51],
    /* 6 */ [JUMP_EQUAL, 0, 7, 0x86dd],
    /* 7 */ [LOAD_BYTE, 0, 0, ip + 6],
    /* 8 */ [JUMP_EQUAL, 4, 0, 112],
    /* 9 */ [JUMP_EQUAL, 3, 0, 51],
    /* 10 */ [JUMP_EQUAL, 0, 3, 58],
    /* 11 */ [LOAD_BYTE, 0, 0, ip + 40],
    /* 12 */ [JUMP_EQUAL, 0, 1, 136],
    /* 13 */ [RETURN, 0, 0, ACCEPT],
    /* 14 */ [RETURN, 0, 0, 0],
  ];
}

/** The struct sock_filter array of a program. */
export function encodeFilter(program: readonly Instruction[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(program.length * 8));
  for (const [i, [code, jt, jf, k]] of program.entries()) {
    view.setUint16(i * 8, code, true);
    view.setUint8(i * 8 + 2, jt);
    view.setUint8(i * 8 + 3, jf);
    view.setUint32(i * 8 + 4, k, true);
  }
  return new Uint8Array(view.buffer);
}

/** One copy for each program that is in use; the kernel makes its own during setsockopt. */
const pointers = new WeakMap<readonly Instruction[], Uint8Array>();

/** struct sock_fprog that points at the program. */
export function sockFprog(program: readonly Instruction[]): Uint8Array {
  const known = pointers.get(program);
  if (known !== undefined) return known;
  const encoded = encodeFilter(program);
  const memory: FixedMemory = libc().allocate(encoded.length);
  memory.bytes.set(encoded);
  const view = new DataView(new ArrayBuffer(16));
  view.setUint16(0, program.length, true);
  view.setBigUint64(8, memory.address, true);
  const pointer = new Uint8Array(view.buffer);
  pointers.set(program, pointer);
  return pointer;
}

/** Attaches a program to a socket: 0, or a negative errno. */
export function attachFilter(fd: number, program: readonly Instruction[]): number {
  return libc().setOption(fd, SOL_SOCKET, SO_ATTACH_FILTER, sockFprog(program));
}
