// auth_type AH in a simulated cluster: elections and takeovers are those without it.
import { expect, it } from 'vitest';
import { instance, router, SECOND } from './builders.ts';
import { tell } from './story.ts';

function two() {
  return [241, 200].map((priority, i) => router(i + 1, [instance({ password: 'secret', ah: true, priority })]));
}

const lines = (text: string) => text.trim().split(/\n\s*/);

it('two routers with AH: election, handover by SIGTERM, and the return of one that begins to count anew', () => {
  const told = tell(two(), 20 * SECOND, [{ kind: 'stop', host: 'lb1', at: 10 * SECOND, until: 15 * SECOND }]);
  expect(lines(told)).toEqual(
    lines(`
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       3.059  lb1 MASTER
      10.000  stop lb1
      10.000  lb1 sends priority 0
      10.000  lb1 STOP
      10.219  lb2 MASTER
      15.000  over: stop lb1
      15.000  lb1 BACKUP
      18.059  lb1 MASTER
      18.059  lb2 BACKUP
    `),
  );
});

it('after a partition the first advert of the better one settles it, although the other has counted further', () => {
  const told = tell(two(), 40 * SECOND, [
    { kind: 'crash', how: 'power', host: 'lb1', at: 10 * SECOND, until: 20 * SECOND },
    { kind: 'partition', groups: [['lb1'], ['lb2']], at: 15 * SECOND, until: 30 * SECOND },
  ]);
  expect(lines(told).slice(3)).toEqual(
    lines(`
      10.000  crash lb1 (power)
      12.278  lb2 MASTER
      15.000  partition lb1 | lb2
      20.000  over: crash lb1 (power)
      20.000  lb1 BACKUP
      23.059  lb1 MASTER
      30.000  over: partition lb1 | lb2
      30.059  lb2 BACKUP
    `),
  );
});
