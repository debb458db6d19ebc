// Preloaded (`node --import`): the program's clock stands while the file named by STOP_CLOCK exists, and then goes on from
// where it stood. In every thread, so that engine and screen stop together.
import { existsSync } from 'node:fs';

const file = process.env.STOP_CLOCK;
const running = performance.now.bind(performance);
let lost = 0;
let stoodAt;

performance.now = () => {
  const now = running() - lost;
  if (existsSync(file)) {
    stoodAt ??= now;
    return stoodAt;
  }
  if (stoodAt !== undefined) {
    lost += now - stoodAt;
    stoodAt = undefined;
  }
  return running() - lost;
};

// The clock stops at the file's coming, not when somebody next looks at it.
setInterval(() => performance.now(), 10).unref();
