// `npm run bench [name …]`: every figure next to the limit of the machine, measured in the same run. Machines are noisy: compare ratios.
import { fileURLToPath } from 'node:url';
import { whenAskedToStop, whenOutputCloses } from '../bin/signals.js';
import { benchCarriers } from './measures/carriers.js';
import { benchCommands } from './measures/commands.js';
import { benchCrowds } from './measures/crowds.js';
import { benchDashboard } from './measures/dashboard.js';
import { type Figure, printFigure, printHeader } from './figures.js';
import { benchHistory } from './history/searches.js';
import { benchGuesses } from './measures/guesses.js';
import { benchLogins } from './measures/logins.js';
import { benchLogs } from './measures/logs.js';
import { benchMessages } from './measures/messages.js';
import { benchMoments } from './measures/moments.js';
import { benchOpenings } from './measures/openings.js';
import { benchTalk } from './measures/talk.js';
import { runPart } from './part.js';

/** The first argument of a process that measures one part. */
const ONE = '--one';

/** All figures at the end, or each one when it is measured. */
type Bench = () => Promise<readonly Figure[]> | AsyncIterable<Figure>;

const benches: Readonly<Record<string, Bench>> = {
  commands: benchCommands,
  logs: benchLogs,
  moments: benchMoments,
  crowds: benchCrowds,
  logins: benchLogins,
  guesses: benchGuesses,
  messages: benchMessages,
  carriers: benchCarriers,
  openings: benchOpenings,
  talk: benchTalk,
  history: benchHistory,
  dashboard: benchDashboard,
};

const [, , ...words] = process.argv;
const isOne = words[0] === ONE;
const asked = isOne ? words.slice(1) : words;
const unknown = asked.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`Unknown: ${unknown.join(', ')}. Choose from ${Object.keys(benches).join(', ')}.\n`);
  process.exit(2);
}
// The processes that the bench started end with it.
void whenAskedToStop().then(() => process.exit(1));
void whenOutputCloses().then(() => process.exit(1));
if (isOne) await measure(asked);
else {
  printHeader();
  const names = Object.keys(benches).filter((name) => asked.length === 0 || asked.includes(name));
  const program = fileURLToPath(import.meta.url);
  for (const name of names) {
    if (!(await runPart(name, program, ONE, name))) process.exitCode = 1;
  }
}
process.exit();

async function measure(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const measured = benches[name]?.() ?? [];
    for await (const figure of 'then' in measured ? await measured : measured) printFigure(figure);
  }
}
