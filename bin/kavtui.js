#!/usr/bin/env node
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';
import { checkAlone } from './check-alone.js';

const args = process.argv.slice(2);
if (!checkAlone(args)) {
  // Signals first (before any other module of the program), then the program.
  await import('../dist/cli/signals.js');
  // From Node 22 on compiled code is kept from start to start, where this package lies: nobody else can write there.
  module.enableCompileCache?.(fileURLToPath(new URL('../dist/.compiled', import.meta.url)));
  const { main } = await import('../dist/cli/main.js');
  await main(args);
}
