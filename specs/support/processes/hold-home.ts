// A process that locks the given home, reports that in one line, and runs until it is killed.
import { lockHome } from '../../../core/home.js';

const [home = ''] = process.argv.slice(2);
await lockHome(home);
console.log('held');
setInterval(() => {}, 60_000);
