// A bot as a program of its own, for specs that kill it: `node hold-bot.js USERNAME PASSWORD INVITE HOME FILE`. It appends the text of
// each message to the file before it asks for the next event.
import { appendFileSync } from 'node:fs';
import { connect } from '../../../client/library/partyline.js';

const [username = '', password = '', invite = '', home = '', file = ''] = process.argv.slice(2);
const chat = await connect({ username, password, invite, home, register: true });
await chat.join('lobby');
process.stdout.write('ready\n');
for await (const event of chat) {
  if (event.event === 'message') appendFileSync(file, `${event.text}\n`);
}
