// Words of a line one after the other, as the lines of routes and rules are read.
import { addressFamily, type Family, type IpAddress, parseAddress } from '../wire/address.ts';
import type { Network } from '../wire/route.ts';
import { numberOf } from './route-names.ts';
import type { Word } from './statement.ts';

const ANY = '0.0.0.0' as IpAddress;

/** Reads on after a word that is wrong, with values that mean nothing: `failed` says so at the end of the line. */
export class WordReader {
  readonly #words: readonly Word[];
  #at = 0;
  #failed = false;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  /** The line is none that keepalived would take. */
  get failed(): boolean {
    return this.#failed;
  }

  fail(): void {
    this.#failed = true;
  }

  /** The next word, taken; undefined at the end. */
  next(): Word | undefined {
    return this.#words[this.#at++];
  }

  /** Takes the next word if it is one of these. */
  take(...texts: readonly string[]): boolean {
    const found = texts.includes(this.#words[this.#at]?.text ?? '');
    if (found) this.#at += 1;
    return found;
  }

  /** The word that has to follow. */
  text(): string {
    return this.need(this.next()?.text, '');
  }

  /** A number that has to follow, decimal or 0x. */
  number(most = 0xffff_ffff): number {
    const value = numberOf(this.text());
    return this.need(value !== undefined && value <= most ? value : undefined, 0);
  }

  /** `value`, which has to be there. */
  need<T>(value: T | undefined, instead: T): T {
    if (value === undefined) this.fail();
    return value ?? instead;
  }

  /** `[inet|inet6] ADDRESS`. */
  address(): IpAddress {
    this.take('inet', 'inet6');
    return this.need(parseAddress(this.text()), ANY);
  }

  network(): Network {
    return this.need(networkOf(this.text()), { address: ANY, prefix: 0 });
  }
}

/** `ADDRESS[/PREFIX]`; undefined when it is none. */
export function networkOf(text: string): Network | undefined {
  const [host, length, surplus] = text.split('/');
  const address = parseAddress(host!);
  if (address === undefined || surplus !== undefined) return undefined;
  const longest = addressFamily(address) === 4 ? 32 : 128;
  const prefix = length === undefined ? longest : /^\d+$/.test(length) ? Number(length) : Number.NaN;
  return prefix >= 0 && prefix <= longest ? { address, prefix } : undefined;
}

/** All addresses of a family. */
export function everything(family: Family): Network {
  return { address: (family === 4 ? '0.0.0.0' : '::') as IpAddress, prefix: 0 };
}
