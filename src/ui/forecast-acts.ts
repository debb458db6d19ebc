// What to say before an act that leaves nothing to take back: addresses announced once more, a check script run now.
import type { OperatorCommand } from '../engine/commands.ts';
import type { ScriptSnapshot, Snapshot } from '../engine/snapshot.ts';
import type { Forecast } from './forecast.ts';
import { plural } from './format.ts';

type Act = Extract<OperatorCommand, { kind: 'announce' | 'run-script' }>;

export function forecastAct(snapshot: Snapshot, act: Act): Forecast {
  return act.kind === 'announce' ? forecastAnnounce(snapshot, act.instance) : forecastRun(snapshot, act.script);
}

const refusal = (refused: string): Forecast => ({ tier: 'local', lines: [], refused });

function forecastAnnounce({ instances }: Snapshot, name: string): Forecast {
  const instance = instances.find((each) => each.name === name);
  if (instance === undefined) return refusal(`there is no instance ${name}`);
  if (instance.state !== 'MASTER')
    return refusal(`${name} is ${instance.state}: only a MASTER announces its addresses`);
  const { addresses } = instance;
  if (addresses.length === 0) return refusal(`${name} has no address to announce`);
  const shown = addresses.slice(0, 3).map(({ address }) => address);
  const more = addresses.length > 3 ? ` and ${addresses.length - 3} more` : '';
  const what = instance.family === 4 ? 'gratuitous ARP' : 'neighbour advertisements';
  return {
    tier: 'local',
    lines: [
      `Sends ${what} for ${plural(addresses.length, 'address', 'addresses')} (${shown.join(', ')}${more}) once more, as on becoming MASTER.`,
      `${name} stays MASTER here; switches and neighbours learn where the addresses are.`,
    ],
  };
}

function forecastRun(snapshot: Snapshot, name: string): Forecast {
  const script = snapshot.scripts.find((each) => each.name === name);
  if (script === undefined) return refusal(`there is no vrrp_script ${name}`);
  if (script.running) return refusal(`${name} is running already`);
  return {
    tier: 'local',
    lines: [`Runs ${script.command} now. The result counts as that of any other run.`, whatItMayDo(snapshot, script)],
  };
}

/** The result that could change something, and whether it already would. */
function whatItMayDo({ instances }: Snapshot, script: ScriptSnapshot): string {
  const { name, ok, rise, fall, streak, history } = script;
  const before = history.at(-1);
  if (ok === undefined || before === undefined) return 'It would be the first result: it decides at once.';
  const against = before.ok === ok ? 1 : streak + 1;
  const [word, limit] = ok ? (['failure', fall] as const) : (['pass', rise] as const);
  const verb = ok ? 'fails' : 'passes';
  if (against < limit) return `If it ${verb}, that is ${word} ${against} of ${limit}: nothing changes yet.`;
  const effects = instances.flatMap((instance) =>
    instance.trackers
      .filter((tracker) => tracker.kind === 'script' && tracker.name === name)
      .map(({ weight }) => (weight === 0 ? `${instance.name} ${ok ? 'goes to' : 'may leave'} FAULT` : instance.name)),
  );
  const then = effects.length === 0 ? 'nothing uses it' : `it tells for ${effects.join(', ')}`;
  return `If it ${verb}, ${name} is ${ok ? 'down' : 'up again'}: ${then}.`;
}
