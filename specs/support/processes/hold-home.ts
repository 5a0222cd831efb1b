// A process that takes the home it is told, says so in one line, and stays until it is killed.
import { lockHome } from '../../../core/home.js';

const [home = ''] = process.argv.slice(2);
await lockHome(home);
console.log('held');
setInterval(() => {}, 60_000);
