// `kavtui check FILE` without options, apart from all other commands, so that its compiled code can be kept.
import { check } from './check.ts';
import { endOnSignals } from './signals.ts';

/** Checks the file as the command line would; sets the exit status. */
export function checkAlone(file: string): void {
  endOnSignals();
  // A reader that is gone (`| head`) is no error.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  process.exitCode = check(
    [file],
    { json: false },
    {
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
    },
  );
}
