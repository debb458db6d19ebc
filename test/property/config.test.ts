import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { renderDiagnostic } from '../../src/config/render.ts';
import { MAIN_JOB } from '../config/main-job.ts';
import { anyText, mutated } from './any-config.ts';

function expectSound(text: string): void {
  const { diagnostics, exitCode, fatal, config } = parseConfig(text, 'f');
  const lines = text.split('\n').map((line) => line.replace(/\r+$/, ''));
  for (const finding of diagnostics) {
    const line = lines[finding.line - 1];
    expect(line).toBeDefined();
    expect(finding.lineText).toHaveLength(line!.length);
    expect(finding.column).toBeGreaterThanOrEqual(1);
    expect(finding.column + (finding.length ?? 0)).toBeLessThanOrEqual(line!.length + 1);
    expect(renderDiagnostic(finding).join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  }
  const bad = diagnostics.some(({ severity }) => severity !== 'info');
  expect(exitCode === 0).toBe(!bad);
  if (fatal) expect(exitCode).not.toBe(0);
  for (const instance of config.instances) {
    expect(instance.vrid).toBeGreaterThanOrEqual(1);
    expect(instance.vrid).toBeLessThanOrEqual(255);
    expect(instance.priority).toBeGreaterThanOrEqual(1);
    expect(instance.priority).toBeLessThanOrEqual(255);
    expect(instance.advertIntervalUs).toBeGreaterThanOrEqual(10_000);
    expect(instance.interface).not.toBe('');
    expect(instance.addresses.length).toBeLessThanOrEqual(255);
  }
}

describe('reading a configuration', () => {
  it('never throws, and every finding lies within the text, whatever the text', () => {
    fc.assert(fc.property(anyText, expectSound), { numRuns: 2000 });
  });

  it('gives the same for the same text', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        expect(parseConfig(text, 'f')).toEqual(parseConfig(text, 'f'));
      }),
      { numRuns: 100 },
    );
  });

  it('is not changed by comments, blank lines and CR LF', () => {
    const { config } = parseConfig(MAIN_JOB, 'f');
    const lines = MAIN_JOB.split('\n');
    const decorated = fc.array(fc.constantFrom('', ' # x', ' ! {', '\r', '\n', '\n\t#}\n'), {
      minLength: lines.length,
      maxLength: lines.length,
    });
    fc.assert(
      fc.property(decorated, (tails) => {
        const text = lines.map((line, index) => line + tails[index]).join('\n');
        expect(parseConfig(text, 'f')).toMatchObject({ config, diagnostics: [] });
      }),
    );
  });
});
