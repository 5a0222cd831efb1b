// A bot that counts the messages of each person in a room, and answers `!stats`. Each message counts once, also after a crash.
// Run it: BOT_PASSWORD=… node examples/room-statistics.mjs ROOM INVITE FILE
// The counts are in the file, as JSON. Ctrl+C stops the bot.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { connect } from 'partyline';

const [room = 'lobby', invite = '', file = 'statistics.json'] = process.argv.slice(2);
const statistics = await read();
const chat = await connect({
  username: 'statistics',
  password: process.env.BOT_PASSWORD,
  register: true,
  ...(invite !== '' && { invite }),
});
process.once('SIGINT', () => void chat.close()).once('SIGTERM', () => void chat.close());
await chat.join(room);
console.log(`${chat.username} is in #${room}`);

for await (const event of chat) {
  if (event.event !== 'message' || event.conversation !== `#${room}`) continue;
  if (event.text.trim() === '!stats') {
    await event.reply(table() || 'Nobody has written yet.');
  } else if (event.id !== statistics.last) {
    statistics.counts[event.from] = (statistics.counts[event.from] ?? 0) + 1;
    statistics.last = event.id;
    await save();
    // Handled on the disk before the next event: after a crash at most the last message comes again, and its id tells so.
    await event.done();
  }
}
await chat.close();

function table() {
  const rows = Object.entries(statistics.counts).toSorted(([, one], [, other]) => other - one);
  return rows.map(([name, count]) => `${name}: ${count}`).join(', ');
}

async function read() {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { last: null, counts: {} };
  }
}

async function save() {
  await writeFile(`${file}.new`, `${JSON.stringify(statistics)}\n`);
  await rename(`${file}.new`, file);
}
