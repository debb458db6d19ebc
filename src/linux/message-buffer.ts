// struct msghdr with its parts in memory that does not move: for recvmsg and sendmsg with ancillary data.
import { type FixedMemory, libc } from './libc.ts';

const NAME_LENGTH = 128;
const IOVEC = 64;
const CONTROL = 192;
const CONTROL_LENGTH = 256;
const DATA = 448;

export interface ControlMessage {
  readonly level: number;
  readonly type: number;
  readonly data: Uint8Array;
}

export interface MessageBuffer {
  /** Receives one message without blocking: its length, or a negative errno. The getters below then speak of it. */
  receive(fd: number): number;
  /** Sends one message. */
  send(fd: number, name: Uint8Array, data: Uint8Array, control: readonly ControlMessage[], flags: number): number;
  /** Views, valid until the next call; copy what is kept. */
  data(length: number): Uint8Array;
  name(): DataView;
  control(): ControlMessage[];
}

/** A buffer for messages of at most `capacity` bytes; longer ones are cut. Serves any number of sockets, one at a time. */
export function createMessageBuffer(capacity: number): MessageBuffer {
  // Layout: msghdr (56, padded to 64) | iovec 16 | ... | name 128 | control 256 | data.
  const memory: FixedMemory = libc().allocate(DATA + NAME_LENGTH + capacity);
  const { address, bytes, view } = memory;
  const nameAt = DATA;
  const dataAt = DATA + NAME_LENGTH;

  function prepare(nameLength: number, dataLength: number, controlLength: number): void {
    view.setBigUint64(0, address + BigInt(nameAt), true);
    view.setUint32(8, nameLength, true);
    view.setBigUint64(16, address + BigInt(IOVEC), true);
    view.setBigUint64(24, 1n, true);
    view.setBigUint64(32, controlLength === 0 ? 0n : address + BigInt(CONTROL), true);
    view.setBigUint64(40, BigInt(controlLength), true);
    view.setUint32(48, 0, true);
    view.setBigUint64(IOVEC, address + BigInt(dataAt), true);
    view.setBigUint64(IOVEC + 8, BigInt(dataLength), true);
  }

  return {
    receive: (fd) => {
      prepare(NAME_LENGTH, capacity, CONTROL_LENGTH);
      return libc().recvmsg(fd, address, 0);
    },
    send: (fd, name, data, control, flags) => {
      bytes.set(name, nameAt);
      bytes.set(data.subarray(0, capacity), dataAt);
      let at = CONTROL;
      for (const message of control) {
        view.setBigUint64(at, BigInt(16 + message.data.length), true);
        view.setInt32(at + 8, message.level, true);
        view.setInt32(at + 12, message.type, true);
        bytes.set(message.data, at + 16);
        at += align8(16 + message.data.length);
      }
      prepare(name.length, Math.min(data.length, capacity), at - CONTROL);
      return libc().sendmsg(fd, address, flags);
    },
    data: (length) => bytes.subarray(dataAt, dataAt + Math.min(length, capacity)),
    name: () => new DataView(view.buffer, nameAt, NAME_LENGTH),
    control: () => {
      const end = CONTROL + Math.min(Number(view.getBigUint64(40, true)), CONTROL_LENGTH);
      const messages: ControlMessage[] = [];
      for (let at = CONTROL; at + 16 <= end; ) {
        const length = Number(view.getBigUint64(at, true));
        if (length < 16 || at + length > end) break;
        messages.push({
          level: view.getInt32(at + 8, true),
          type: view.getInt32(at + 12, true),
          data: bytes.subarray(at + 16, at + length),
        });
        at += align8(length);
      }
      return messages;
    },
  };
}

const align8 = (length: number): number => (length + 7) & ~7;
