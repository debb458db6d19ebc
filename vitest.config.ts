import { defineConfig } from 'vitest/config';

const unit = [
  'wire',
  'config',
  'vrrp',
  'engine',
  'observe',
  'judge',
  'runtime',
  'session',
  'cli',
  'ui',
  'linux',
  'sim',
  'rfc',
  'property',
  'architecture',
];

/** `unit` is the quick loop; the other projects need minutes, a pseudo-terminal or root. */
export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: unit.map((folder) => `test/${folder}/**/*.test.{ts,tsx}`), testTimeout: 30_000 },
      },
      { test: { name: 'simulation', include: ['test/simulation/**/*.test.ts'], testTimeout: 120_000 } },
      {
        test: {
          name: 'terminal',
          include: ['test/terminal/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'interop',
          include: ['test/ports/**/*.test.ts', 'test/interop/**/*.test.ts'],
          exclude: ['test/interop/scale.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // After everything that needs the processor: these measure real time, and mostly wait.
          sequence: { groupOrder: 2 },
        },
      },
      {
        // By itself: thousands of routers would make the others late.
        test: {
          name: 'scale',
          include: ['test/interop/scale.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
