// Classic BPF programs (linux/filter.h) for our sockets. Pure but for the address of the program.
import { addressBytes } from '../wire/address.ts';
import { VRRP_TTL } from '../wire/vrrp.ts';
import { SO_ATTACH_FILTER, SO_DETACH_FILTER, SOL_SOCKET } from './abi.ts';
import { type FixedMemory, libc } from './libc.ts';

/** One instruction: code, jump if true, jump if false, operand. */
export type Instruction = readonly [code: number, jt: number, jf: number, k: number];

const LOAD_BYTE = 0x30;
const LOAD_HALF = 0x28;
const LOAD_WORD = 0x20;
/** Into the index register. */
const COPY_TO_INDEX = 0x07;
/** Loads from behind the IPv4 header, whose length LOAD_HEADER_LENGTH has put into the index register. */
const LOAD_BYTE_BEHIND = 0x50;
const LOAD_HALF_BEHIND = 0x48;
const LOAD_HEADER_LENGTH = 0xb1;
const JUMP = 0x05;
const JUMP_EQUAL = 0x15;
/** Compares with the index register. */
const JUMP_EQUAL_INDEX = 0x1d;
const JUMP_NOT_BELOW = 0x35;
const RETURN = 0x06;
const ACCEPT = 0x40000;
const REFUSE: Instruction = [RETURN, 0, 0, 0];
/** Offsets from here on count from the network header (SKF_NET_OFF). */
const NETWORK_HEADER = 0xfff00000;

/** An IPv4 packet to a group comes with TTL 255; then its header length is in the index register. */
const MULTICAST_TTL: readonly Instruction[] = [
  [LOAD_BYTE, 0, 0, 8],
  [JUMP_EQUAL, 3, 0, VRRP_TTL],
  [LOAD_BYTE, 0, 0, 16],
  [JUMP_NOT_BELOW, 0, 1, 224],
  REFUSE,
  [LOAD_HEADER_LENGTH, 0, 0, 0],
];

/** IPv6 packets with hop limit 255 only (RFC 9568 §5.1.2.3); for sockets that see no IPv6 header. */
export const HOP_LIMIT_FILTER: readonly Instruction[] = [
  [LOAD_BYTE, 0, 0, NETWORK_HEADER + 7],
  [JUMP_EQUAL, 0, 1, VRRP_TTL],
  [RETURN, 0, 0, ACCEPT],
  [RETURN, 0, 0, 0],
];

/**
 * A VRRP socket lets only what may be a good advert for these VRIDs pass: version 2 or 3, eight bytes at least, multicast over
 * IPv4 with TTL 255; `hopLimit`: over IPv6 too, where the socket sees no IPv6 header.
 */
export function vridFilter(family: 4 | 6, vrids: readonly number[], hopLimit: boolean): readonly Instruction[] {
  // An IPv4 socket sees the packet from its IP header on, an IPv6 socket from the VRRP message on.
  const load = family === 4 ? LOAD_BYTE_BEHIND : LOAD_BYTE;
  return [
    ...(hopLimit ? ([[LOAD_BYTE, 0, 0, NETWORK_HEADER + 7], [JUMP_EQUAL, 1, 0, VRRP_TTL], REFUSE] as const) : []),
    ...(family === 4 ? MULTICAST_TTL : []),
    [load, 0, 0, 0],
    [JUMP_EQUAL, 2, 0, 0x21],
    [JUMP_EQUAL, 1, 0, 0x31],
    REFUSE,
    // What is behind the end is refused.
    [load, 0, 0, 7],
    [load, 0, 0, 1],
    ...vrids.flatMap((vrid): Instruction[] => [
      [JUMP_EQUAL, 0, 1, vrid],
      [RETURN, 0, 0, ACCEPT],
    ]),
    REFUSE,
  ];
}

/** An instruction whose jumps name a label; without one the next instruction follows. */
interface Line {
  readonly label?: string;
  readonly code: number;
  /** Of JUMP: distance to this label. */
  readonly k: number | string;
  readonly yes?: string;
  readonly no?: string;
}

/** Ethernet frames with VRRP or AH; plain or with a VLAN tag that is still in the frame. */
export const ADVERT_FILTER: readonly Instruction[] = frameFilter(advertTests);

/**
 * Ethernet frames with ARP or a neighbour advertisement, HSRP, and queries for and reports of multicast listeners (IGMP, MLD);
 * plain or with a VLAN tag that is still in the frame.
 */
export const NEIGHBOUR_FILTER: readonly Instruction[] = frameFilter(neighbourTests);

/** The kernel keeps a program of so many instructions for any socket; of more addresses all requests are let pass. */
const MAX_ADDRESSES = 512;

/**
 * As `NEIGHBOUR_FILTER`, but of the ARP requests for something else than the sender itself only those that one of these IPv4
 * addresses sends: what hosts ask all day long tells nothing of virtual addresses.
 */
export function announcementFilter(addresses: readonly string[]): readonly Instruction[] {
  if (addresses.length > MAX_ADDRESSES) return NEIGHBOUR_FILTER;
  const known = addresses.flatMap((address): Instruction[] => {
    const value = addressBytes(address).reduce((sum, byte) => sum * 256 + byte, 0);
    return [
      [JUMP_EQUAL, 0, 1, value],
      [RETURN, 0, 0, ACCEPT],
    ];
  });
  // Behind all the others, so that their jumps stay short.
  const tests = frameFilter((at, label) => [...neighbourTests(at, label, `${label} arp`), ...arpTests(at, label)]);
  return [...tests, ...known, REFUSE];
}

/** `testsOf`: the tests for an ethertype at an offset. */
function frameFilter(testsOf: (at: number, label: string) => readonly Line[]): Instruction[] {
  return assemble([
    { code: LOAD_HALF, k: 12 },
    { code: JUMP_EQUAL, k: 0x8100, yes: 'tagged' },
    { code: JUMP_EQUAL, k: 0x88a8, yes: 'tagged', no: 'plain' },
    ...testsOf(16, 'tagged'),
    ...testsOf(12, 'plain'),
    { label: 'accept', code: RETURN, k: ACCEPT },
    { label: 'refuse', code: RETURN, k: 0 },
  ]);
}

/** Replies, and requests for the sender itself; the address of any other sender is in the accumulator behind the end. */
function arpTests(at: number, label: string): readonly Line[] {
  const arp = at + 2;
  return [
    { label: `${label} arp`, code: LOAD_HALF, k: arp + 6 },
    { code: JUMP_EQUAL, k: 1, no: 'accept' },
    { code: LOAD_WORD, k: arp + 24 },
    { code: COPY_TO_INDEX, k: 0 },
    { code: LOAD_WORD, k: arp + 14 },
    { code: JUMP_EQUAL_INDEX, k: 0, yes: 'accept' },
    { code: JUMP, k: 'end' },
  ];
}

function last(k: number): Line {
  return { code: JUMP_EQUAL, k, yes: 'accept', no: 'refuse' };
}

function advertTests(at: number, label: string): readonly Line[] {
  const ip = at + 2;
  return [
    { label, code: LOAD_HALF, k: at },
    { code: JUMP_EQUAL, k: 0x0800, yes: `${label} ipv4` },
    { code: JUMP_EQUAL, k: 0x86dd, no: 'refuse' },
    { code: LOAD_BYTE, k: ip + 6 },
    { code: JUMP_EQUAL, k: 112, yes: 'accept' },
    last(51),
    { label: `${label} ipv4`, code: LOAD_BYTE, k: ip + 9 },
    { code: JUMP_EQUAL, k: 112, yes: 'accept' },
    last(51),
  ];
}

function neighbourTests(at: number, label: string, arp = 'accept'): readonly Line[] {
  const ip = at + 2;
  return [
    { label, code: LOAD_HALF, k: at },
    { code: JUMP_EQUAL, k: 0x0806, yes: arp },
    { code: JUMP_EQUAL, k: 0x0800, yes: `${label} ipv4` },
    { code: JUMP_EQUAL, k: 0x86dd, no: 'refuse' },
    { code: LOAD_BYTE, k: ip + 6 },
    { code: JUMP_EQUAL, k: 58, yes: `${label} icmp` },
    { code: JUMP_EQUAL, k: 17, yes: `${label} udp6` },
    // Hop-by-hop options of eight bytes (a router alert), as MLD has them.
    { code: JUMP_EQUAL, k: 0, no: 'refuse' },
    { code: LOAD_BYTE, k: ip + 40 },
    { code: JUMP_EQUAL, k: 58, no: 'refuse' },
    { code: LOAD_BYTE, k: ip + 48 },
    { code: JUMP_EQUAL, k: 130, yes: 'accept' },
    { code: JUMP_EQUAL, k: 131, yes: 'accept' },
    last(143),
    { label: `${label} icmp`, code: LOAD_BYTE, k: ip + 40 },
    last(136),
    { label: `${label} udp6`, code: LOAD_HALF, k: ip + 42 },
    last(2029),
    { label: `${label} ipv4`, code: LOAD_BYTE, k: ip + 9 },
    { code: LOAD_HEADER_LENGTH, k: ip },
    { code: JUMP_EQUAL, k: 2, yes: `${label} igmp` },
    { code: JUMP_EQUAL, k: 17, no: 'refuse' },
    { code: LOAD_HALF_BEHIND, k: ip + 2 },
    last(1985),
    { label: `${label} igmp`, code: LOAD_BYTE_BEHIND, k: ip },
    { code: JUMP_EQUAL, k: 0x11, yes: 'accept' },
    { code: JUMP_EQUAL, k: 0x16, yes: 'accept' },
    last(0x22),
  ];
}

/** Puts distances in the place of labels. */
function assemble(lines: readonly Line[]): Instruction[] {
  const distance = (from: number, label: string | undefined): number =>
    label === undefined
      ? 0
      : (label === 'end' ? lines.length : lines.findIndex((line) => line.label === label)) - from - 1;
  return lines.map(({ code, k, yes, no }, at) => [
    code,
    distance(at, yes),
    distance(at, no),
    typeof k === 'string' ? distance(at, k) : k,
  ]);
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

/** Takes the program of a socket away. */
export function detachFilter(fd: number): number {
  return libc().setOption(fd, SOL_SOCKET, SO_DETACH_FILTER, 0);
}
