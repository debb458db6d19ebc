// argv → one command. The only place that knows all of them.
import { Command, Help, InvalidArgumentError, Option } from 'commander';
import type { CheckHostsOptions } from './check-hosts.ts';
import type { DoctorOptions } from './doctor.ts';
import { WRONG_USAGE } from './exit-codes.ts';
import { type CommonOptions, version } from './options.ts';
import { endOnSignals } from './signals.ts';

interface CheckLineOptions extends CheckHostsOptions {
  readonly diff: boolean;
  readonly print: boolean;
  readonly redact: boolean;
}

/** Runs the program; ends the process itself with the right exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('kavtui')
    .description('A VRRP router that reads keepalived.conf, with a screen that shows what it does and why.')
    .version(version())
    .configureHelp({ optionDescription: describeOption })
    .showHelpAfterError('(--help lists the commands, and the options of each)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : WRONG_USAGE));

  withScreen(program.command('demo'))
    .description('three simulated routers on one LAN and the screen; without a terminal: one drill as lines')
    .action(async (options: CommonOptions) => {
      const { demo } = await import('./demo.ts');
      await demo(options);
    });

  withScreen(program.command('run'))
    .description('the VRRP engine on this host, with the screen (needs CAP_NET_ADMIN and CAP_NET_RAW)')
    .requiredOption('-f, --file <file>', 'configuration (keepalived.conf)')
    .option('--headless', 'no screen: log lines on standard output', false)
    .option('--operate', 'enable the keys that change things; else `:unlock 15m` on the screen does', false)
    .option(
      '--audit-log <file>',
      'where each change is written down before it is done (default: in the state directory)',
    )
    .option('--log <where>', 'also log to a file, or to syslog (the word `syslog`)')
    .addOption(new Option('--log-format <format>', 'form of the log lines').choices(['text', 'json']).default('text'))
    .option('--take-over', 'start although keepalived or kavtui runs in this network namespace', false)
    .option(
      '--ignore-unsupported',
      'start although the configuration has keywords that kavtui does not support yet',
      false,
    )
    .addOption(
      new Option('--compat <version>', 'behave as this keepalived where versions differ')
        .choices(['2.2', '2.4'])
        .default('2.4'),
    )
    .action(async (options) => {
      const { run } = await import('./run.ts');
      await run(options);
    });

  program
    .command('check')
    .description(
      'reads keepalived.conf and reports, with the exit codes of keepalived -t; several files: also compares the hosts',
    )
    .argument('<files...>', 'configurations')
    .option('--json', 'one JSON object', false)
    .option('--sarif', 'one SARIF 2.1.0 log', false)
    .option('--check-host', 'also judge interfaces, users and scripts by this host', false)
    .option('--assume-host <file>', 'judge them by the facts in a JSON file instead')
    .option('-i, --config-id <id>', 'what @id lines are compared with (default: the host name)')
    .option('--diff', 'of two files, OLD and NEW: what a reload would do', false)
    .option('--print', 'write one file in canonical form, with its secrets; the findings go to standard error', false)
    .option('--redact', 'with --print: secrets as asterisks (the text can then not be used any more)', false)
    .action(async (files: string[], options: CheckLineOptions) => {
      endOnSignals();
      const write = {
        out: (text: string) => void process.stdout.write(text),
        err: (text: string) => void process.stderr.write(text),
      };
      const [before, after] = files;
      if (options.redact && !options.print) return program.error('--redact goes with --print');
      if (options.diff) {
        const { diff } = await import('./diff.ts');
        if (before === undefined || after === undefined || files.length > 2)
          return program.error('--diff needs OLD and NEW');
        process.exitCode = diff(before, after, write);
        return;
      }
      if (options.print) {
        const { checkPrint } = await import('./check-print.ts');
        if (before === undefined || files.length > 1 || options.json) {
          return program.error('--print needs one FILE, and does not go with --json');
        }
        process.exitCode = checkPrint(before, options, write);
        return;
      }
      if (files.length > 1 || options.sarif) {
        const { checkHosts } = await import('./check-hosts.ts');
        process.exitCode = checkHosts(files, options, write);
        return;
      }
      const { check } = await import('./check.ts');
      process.exitCode = check(files, options, write);
    });

  withScreen(program.command('watch'))
    .description('every virtual router on the segment or in a capture, without taking part (needs CAP_NET_RAW, or -r)')
    .option('-i, --interface <names...>', 'interfaces (default: all that are up and have an address)')
    .option('-r, --read <file>', 'a capture (pcap or pcapng; `-`: standard input) instead of interfaces')
    .option('-w, --write <file>', 'record adverts and announcements (pcapng)')
    .option('--ring-size <MiB>', 'begin the next file of the recording after so much (default: 16)', wholeNumber)
    .option('--ring-files <number>', 'files of the recording that are kept (default: 4)', wholeNumber)
    .option('--json', 'one JSON object for each happening', false)
    .action(async (options) => {
      const { watch } = await import('./watch.ts');
      await watch(options);
    });

  program
    .command('doctor')
    .description('what is wrong with this host for a VRRP router; more rights, more findings')
    .option('-f, --file <file>', 'configuration (default: that of the router that runs here)')
    .option('--json', 'one JSON object', false)
    .option('--seconds <number>', 'how long to listen (default: four intervals)', someSeconds)
    .action(async (options: DoctorOptions) => {
      endOnSignals();
      const { doctor } = await import('./doctor.ts');
      process.exitCode = await doctor(options, {
        out: (text) => void process.stdout.write(text),
        err: (text) => void process.stderr.write(text),
      });
    });

  program
    .command('explain')
    .description("what a finding or a line of keepalived's log means, how to check it and how to mend it")
    .argument('<words...>', 'an id (D01), the line or a piece of it, or - for lines on standard input')
    .action(async (words: string[]) => {
      endOnSignals();
      const { explain } = await import('./explain.ts');
      process.exitCode = explain(words, {
        out: (text) => void process.stdout.write(text),
        err: (text) => void process.stderr.write(text),
      });
    });

  // A reader that is gone (`| head`) is no error.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  await program.parseAsync(argv, { from: 'user' });
}

const plainHelp = new Help();

/** Without "(default: false)": an option that is not given is off. */
function describeOption(option: Option): string {
  return option.defaultValue === false ? option.description : plainHelp.optionDescription(option);
}

function someSeconds(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 3600)) throw new InvalidArgumentError('a number of seconds is wanted.');
  return number;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1 on is wanted.');
  return number;
}

/** A theme that is none is wrong usage, also where no screen will show it. */
async function judgeTheme({ theme }: Partial<CommonOptions>): Promise<void> {
  if (theme === undefined) return;
  const { themeOf } = await import('./theme-option.ts');
  themeOf(theme);
}

function withScreen(command: Command): Command {
  return command
    .option('--ascii', 'no characters beyond ASCII', false)
    .addOption(new Option('--color <level>', 'colours').choices(['auto', 'never', '16', '256', 'true']).default('auto'))
    .option('--theme <name>', 'colours of the screen: dark, light, contrast, mono, or FILE.json')
    .option(
      '--screen-reader',
      'speak in plain lines and take commands as lines',
      process.env.INK_SCREEN_READER === 'true',
    )
    .option('--no-tui', 'lines instead of the screen')
    .hook('preAction', () => judgeTheme(command.opts()));
}
