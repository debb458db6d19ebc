// The last lines of a test run: how many interop tests ran, why others were skipped, and one line that machines read.

const REQUIRED = process.env.KAVTUI_REQUIRE_INTEROP === '1';

export default class ClosingReporter {
  onTestRunEnd(modules, unhandled) {
    const total = { passed: 0, failed: unhandled.length, skipped: 0 };
    const interop = { passed: 0, failed: 0, skipped: 0 };
    const skipped = [];
    for (const module of modules) {
      const real = module.project.name === 'interop' || module.project.name === 'scale';
      if (module.errors().length > 0) total.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        const key = state === 'passed' || state === 'failed' ? state : 'skipped';
        total[key] += 1;
        if (real) interop[key] += 1;
        if (key === 'skipped')
          skipped.push(`${test.fullName}${real && REQUIRED ? '  (must not be skipped here)' : ''}`);
      }
    }
    if (skipped.length > 0) console.log(`\nskipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`);
    const ran = interop.passed + interop.failed;
    console.log(`\ninterop: ${ran} tests ran, ${interop.skipped} were skipped`);
    if (REQUIRED && interop.skipped > 0) {
      total.failed += interop.skipped;
      total.skipped -= interop.skipped;
      process.exitCode = 1;
    }
    console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  }
}
