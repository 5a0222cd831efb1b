// `npm run bench`: every figure beside the machine's own limit, measured in the same run. Machines are noisy: read ratios.
import { benchCommands } from './commands.js';
import { type Figure, printTable } from './figures.js';
import { benchLogins } from './logins.js';
import { benchMessages } from './messages.js';

const figures: Figure[] = [];
for (const bench of [benchCommands, benchLogins, benchMessages]) figures.push(...(await bench()));
printTable(figures);
process.exit();
