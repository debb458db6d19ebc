// A program that shows the fake session through the real host: what a terminal does to kavtui, without an engine.
// Its "engine" is a 100 ms timer whose lateness it writes to the file named by REPORT, with what the screen said.
import { appendFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { ToScreen } from '../../src/session/messages.ts';
import { openScreen } from '../../src/ui/host.ts';
import { createFakeSession, ENGINE_START } from './fake-session.ts';

const report = (line: string): void => appendFileSync(process.env.REPORT!, `${line}\n`);
const now = (): number => ENGINE_START + Math.round(performance.now() * 1000);
const demo = process.env.DEMO === '1';

const session = createFakeSession({
  now,
  info: { command: demo ? 'demo' : 'run', pid: process.pid },
  routers: demo ? 3 : 1,
});

let due = performance.now() + 100;
setInterval(() => {
  const late = performance.now() - due;
  due = performance.now() + 100;
  report(`advert ${late.toFixed(1)}`);
}, 100);

const screen = openScreen({
  session: {
    info: session.info,
    connect: (sink) => {
      const connection = session.connect(sink);
      // Crosses to the screen's thread as it is, and breaks what reads it there.
      const broken = { type: 'routers', names: null, shown: 0 } as unknown as ToScreen;
      process.on('SIGUSR1', () => sink.deliver(broken));
      const publisher = setInterval(() => (sink.ready() ? session.publish() : report('skipped')), 100);
      return {
        receive: (message) => {
          report(`said ${JSON.stringify(message)}`);
          connection.receive(message);
        },
        close: () => {
          clearInterval(publisher);
          connection.close();
        },
      };
    },
  },
  stdin: process.stdin,
  stdout: process.stdout,
  ascii: false,
  color: 'auto',
  onQuit(how, detail = '') {
    report(`quit ${how} ${detail}`);
    if (how === 'release') {
      screen.close('engine stopped');
      process.exit(0);
    }
    if (how === 'detach') process.stdout.write('going on as log lines\r\n');
  },
  onNotice: (text) => report(`notice ${text}`),
});

process.on('SIGTERM', () => {
  screen.close('stopped by SIGTERM');
  process.exit(0);
});
process.on('SIGHUP', () => (process.env.IGNORE_HANGUP === undefined ? screen.hangUp('SIGHUP') : undefined));
process.on('SIGTSTP', () => screen.suspendRequested());
process.on('SIGCONT', () => screen.redraw());
process.on('SIGUSR2', () => {
  console.log('printed by a library');
  process.stderr.write('error text of a library\n');
  process.emitWarning('something is deprecated');
});
process.on('uncaughtException', (error) => {
  screen.close(`crashed: ${error.message}`);
  process.exit(1);
});
if (process.env.EXIT_AFTER !== undefined) setTimeout(() => process.exit(3), Number(process.env.EXIT_AFTER));
if (process.env.CRASH_AFTER !== undefined) {
  setTimeout(() => {
    throw new Error('on purpose');
  }, Number(process.env.CRASH_AFTER));
}
