// What one virtual router is at a moment, what can happen to it, and what it asks for. Plain readonly values.
import type { IpAddress } from '../wire/address.ts';
import type { VirtualAddress } from './config.ts';

export type VrrpState = 'INIT' | 'BACKUP' | 'MASTER' | 'FAULT';
