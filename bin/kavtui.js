#!/usr/bin/env node
// Signals first (before any import), then the program.
import '../dist/cli/signals.js';

const { main } = await import('../dist/cli/main.js');
await main(process.argv.slice(2));
