#!/usr/bin/env node
// Signals first (before any other module), then the program.
import '../dist/cli/signals.js';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

// From Node 22 on compiled code is kept from start to start, where this package lies: nobody else can write there.
module.enableCompileCache?.(fileURLToPath(new URL('../dist/.compiled', import.meta.url)));
const { main } = await import('../dist/cli/main.js');
await main(process.argv.slice(2));
