// A bot that removes everyone who posts a forbidden word in a room, with the reason. It must be an admin of the room: `/promote moderator`.
// Run it: BOT_PASSWORD=… node examples/moderation-bot.mjs ROOM INVITE WORD…
// Ctrl+C stops the bot. What was written meanwhile is judged at the next start.
import { connect } from 'partyline';

const [room = 'lobby', invite = '', ...words] = process.argv.slice(2);
const forbidden = new Set(words.map((word) => word.toLowerCase()));
const chat = await connect({
  username: 'moderator',
  password: process.env.BOT_PASSWORD,
  register: true,
  ...(invite !== '' && { invite }),
});
process.once('SIGINT', () => void chat.close()).once('SIGTERM', () => void chat.close());
await chat.join(room);
console.log(`${chat.username} is in #${room}`);

for await (const event of chat) {
  if (event.event !== 'message' || event.conversation !== `#${room}`) continue;
  const word = wordsOf(event.text).find((one) => forbidden.has(one));
  if (word === undefined) continue;
  const removed = await chat.remove(room, event.from, `"${word}" is not allowed here`);
  // After a crash a message may come twice. Its author is then no longer a member.
  console.log(removed.ok ? `removed ${event.from}` : `${event.from} was not removed: ${removed.message}`);
}
await chat.close();

function wordsOf(text) {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
}
