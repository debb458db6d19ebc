// Diagnostics and findings as a SARIF 2.1.0 log (OASIS), which code review tools read.
import { relative, resolve, sep } from 'node:path';
import type { Location, Log, Result } from 'sarif';
import type { Diagnostic } from '../config/diagnostic.ts';
import type { Comparison } from '../judge/compare-hosts.ts';
import type { HostFinding } from '../judge/host-finding.ts';
import { stripControl } from '../wire/text.ts';
import type { Checked } from './check.ts';
import { readPages } from './explain.ts';
import { version } from './options.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;

/** The log of one run; each rule is one kind of diagnostic or finding. */
export function sarifLog(checked: readonly Checked[], { findings }: Comparison): Log {
  const diagnostics = checked.flatMap(({ result }) => result?.diagnostics ?? []);
  const results = [...diagnostics.map(diagnosticResult), ...findings.map(findingResult)];
  const ids = [...new Set(results.flatMap(({ ruleId = [] }) => ruleId))];
  const titles = new Map(readPages().map(({ id, text }) => [id, text.split('\n', 1)[0]!.replace(/^# D\d+: /, '')]));
  const rules = ids.map((id) => ({ id, shortDescription: { text: titles.get(id) ?? id.replaceAll('-', ' ') } }));
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'kavtui', version: version(), rules } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: checked.every(({ result }) => result !== undefined),
            toolExecutionNotifications: checked.flatMap(({ unreadable }) =>
              unreadable === undefined ? [] : [{ level: 'error', message: { text: stripControl(unreadable) } }],
            ),
          },
        ],
        results: results.map((result) => ({ ...result, ruleIndex: ids.indexOf(result.ruleId ?? '') })),
      },
    ],
  };
}

function diagnosticResult({ code, severity, message, file, line, column, hint }: Diagnostic): Result {
  const text = hint === undefined ? message : `${message} (${hint})`;
  return { ruleId: code, level: LEVEL[severity], message: { text }, locations: [locationOf(file, line, column)] };
}

function findingResult({ id, severity, confidence, subject, title, evidence, why, fix }: HostFinding): Result {
  const places = evidence.flatMap((one) =>
    one.kind === 'configuration'
      ? [{ ...locationOf(one.file, one.line), message: { text: stripControl(one.text) } }]
      : [],
  );
  const [first, ...others] = places;
  return {
    ruleId: id,
    level: LEVEL[severity],
    message: { text: stripControl(`${subject}: ${title}. ${why} ${fix}`) },
    locations: first === undefined ? [] : [first],
    ...(others.length > 0 && { relatedLocations: others.map((place, i) => ({ id: i + 1, ...place })) }),
    properties: { confidence },
  };
}

/** Relative to the folder of the call where the file lies below it, so that the log holds on another machine too. */
function locationOf(file: string, line: number, column?: number): Location {
  const path = relative(process.cwd(), resolve(file));
  const below = path !== '' && !path.startsWith('..');
  const uri = below
    ? path.split(sep).map(encodeURIComponent).join('/')
    : `file://${resolve(file).split(sep).map(encodeURIComponent).join('/')}`;
  const region = { startLine: Math.max(1, line), ...(column !== undefined && column > 0 && { startColumn: column }) };
  return { physicalLocation: { artifactLocation: { uri }, region } };
}
