// Check scripts as their runs show them: those that never run, that lie, that hang.
import type { ScriptSnapshot } from '../engine/snapshot.ts';
import type { Discovery, Evidence } from '../observe/finding.ts';
import type { HostFinding } from './host-finding.ts';
import { type NodeFacts, secondsText } from './node-facts.ts';

/** A run that took so much of its timeout would not have come through on a bad day. */
const NEAR_TIMEOUT = 0.8;
/** One that failed so often and never passed may never have worked here. */
const NEVER = 5;
const COMPLAINT = /\b(?:error|errors|failed|failure|refused|unreachable|not found|denied|timed out|no such file)\b/i;

/** About check scripts: `script NAME`. */
export function scriptFindings({ snapshot }: NodeFacts): readonly HostFinding[] {
  return snapshot.scripts.flatMap((script) => [
    ...result(script).map((found) => ({ ...found, subject: `script ${script.name}` })),
    ...RULES.flatMap((rule) => rule(script)).map((found) => ({ ...found, subject: `script ${script.name}` })),
  ]);
}

type Rule = (script: ScriptSnapshot) => readonly Discovery[];

const RULES: readonly Rule[] = [kindWords, slow, restarts, processCheck];

const ran = ({ name, lastResult }: ScriptSnapshot, text?: string): Evidence => ({
  kind: 'host',
  source: `last run of ${name}`,
  text: text ?? lastResult,
});

/** What the last result says by itself: at most one of these. */
function result(script: ScriptSnapshot): readonly Discovery[] {
  const { name, lastResult, command, usedBy, passes, failures } = script;
  const severity = usedBy.length > 0 && script.ok === false ? 'error' : 'warning';
  if (lastResult.startsWith('cannot be executed')) {
    return [
      {
        id: 'D13',
        severity,
        confidence: 'proven',
        title: `${name} does not run: ${lastResult}`,
        evidence: [ran(script), { kind: 'host', source: 'command', text: command }],
        why: 'The service that it checks may be well: nothing is known of it, and the check counts as failed.',
        fix: `namei -l ${command.split(' ')[0]}\nEvery part has to belong to root; script_user has to be able to execute it.`,
      },
    ];
  }
  const status = /^exited with status (126|127)$/.exec(lastResult)?.[1];
  if (status !== undefined) {
    return [
      {
        id: 'D14',
        severity,
        confidence: 'likely',
        title: `${name} ends with ${status}: a program in it ${status === '127' ? 'is not found' : 'cannot be executed'}`,
        evidence: [ran(script), ...printed(script)],
        why: 'The check fails because of itself, not because of what it checks.',
        fix: `Give programs with their whole path. The same surroundings by hand: env -i PATH=/usr/bin:/bin ${command}; echo $?`,
      },
    ];
  }
  if (passes > 0 || failures < NEVER) return [];
  return [
    {
      id: 'D14',
      severity: 'warning',
      confidence: 'hint',
      title: `${name} has never succeeded, in ${failures >= 1000 ? 'more than a thousand' : 'all its'} runs`,
      evidence: [ran(script), ...printed(script)],
      why: 'Either the service was never there, or the script does not work as its user and without the environment of a login.',
      fix: `Run it as its user: sudo -u USER env -i PATH=/usr/bin:/bin ${command}; echo $?`,
    },
  ];
}

const printed = ({ lastOutput }: ScriptSnapshot): Evidence[] =>
  lastOutput.trim() === '' ? [] : [{ kind: 'host', source: 'printed', text: lastOutput.trim().slice(-200) }];

/** It succeeds, and prints what one prints that fails. */
function kindWords(script: ScriptSnapshot): readonly Discovery[] {
  const { name, lastOutput, history } = script;
  if (history.at(-1)?.ok !== true) return [];
  const text = lastOutput.trim();
  const number = /(?:^|\n)[1-9]\d{0,2}$/.test(text);
  if (!number && !COMPLAINT.test(text)) return [];
  return [
    {
      id: 'D14',
      severity: 'warning',
      // A script that counts something prints a number, too.
      confidence: 'hint',
      title: number
        ? `${name} prints a number and ends with 0: only the exit status counts`
        : `${name} ends with 0 and prints what looks like a failure`,
      evidence: [ran(script), ...printed(script)],
      why: 'A failure that is printed and not returned moves nothing: the router stays MASTER without its service.',
      fix: 'exit 1 in place of echo 1; in a pipe only the last program counts (set -o pipefail).',
    },
  ];
}

function slow(script: ScriptSnapshot): readonly Discovery[] {
  const { name, history, intervalUs, timeoutUs } = script;
  const longest = Math.max(0, ...history.filter(({ ok }) => ok).map(({ durationUs }) => durationUs));
  const hung = history.filter(({ ok, durationUs }) => !ok && durationUs >= timeoutUs).length;
  const over = history.filter(({ durationUs }) => durationUs > intervalUs).length;
  const source = `last ${history.length} runs of ${name}`;
  const times = `interval ${secondsText(intervalUs)}, timeout ${secondsText(timeoutUs)}`;
  const found: Discovery[] = [];
  if (longest > NEAR_TIMEOUT * timeoutUs) {
    found.push({
      id: 'D14',
      severity: 'warning',
      confidence: 'likely',
      title: `${name} takes nearly as long as it may: a little slower, and it counts as failed`,
      evidence: [{ kind: 'host', source, text: `the longest good one took ${secondsText(longest)}; ${times}` }],
      why: 'Load alone makes such a check fail, on both routers at once.',
      fix: 'A longer timeout, or a check that gives up by itself (curl --max-time 1).',
    });
  }
  if (hung + over > 0) {
    found.push({
      id: 'D49',
      severity: hung > 0 ? 'warning' : 'info',
      confidence: 'proven',
      title:
        hung > 0
          ? `${name} hangs until its timeout of ${secondsText(timeoutUs)}`
          : `${name} at times runs longer than its interval of ${secondsText(intervalUs)}`,
      evidence: [{ kind: 'host', source, text: `${hung} timed out, ${over} took longer than the interval; ${times}` }],
      why: 'While it runs it is not started again: a failure counts later than fall times interval.',
      fix: 'Make timeout shorter than interval, and let the check give up by itself (curl --max-time 1).',
    });
  }
  return found;
}

function restarts(script: ScriptSnapshot): readonly Discovery[] {
  const { name, command } = script;
  if (!/\b(?:systemctl|service|rc-service)\b.*\b(?:re)?start\b/.test(command)) return [];
  return [
    {
      id: 'D14',
      severity: 'warning',
      confidence: 'likely',
      title: `${name} starts the service that it checks`,
      evidence: [{ kind: 'host', source: 'command', text: command }],
      why: 'The failure is over before it counts: the other router, which is well, never takes over.',
      fix: 'Let systemd restart the service (Restart=on-failure); the check only looks.',
    },
  ];
}

function processCheck(script: ScriptSnapshot): readonly Discovery[] {
  const { name, command } = script;
  if (!/^(?:\S*\/)?(?:killall\b.*\s-0\b|pidof\b|pgrep\b)/.test(command)) return [];
  const program = command.split(/\s+/).findLast((word) => !word.startsWith('-')) ?? 'PROGRAM';
  return [
    {
      id: 'D14',
      severity: 'info',
      confidence: 'hint',
      title: `${name} only looks whether a process is there`,
      evidence: [{ kind: 'host', source: 'command', text: command }],
      why: 'A process that hangs is there, too; and one that ends is noticed after interval times fall.',
      fix: `vrrp_track_process ${program} { process ${program} }, and track_process { ${program} } in the instance`,
    },
  ];
}
