// A bot that greets everyone who joins a room, and answers `!ping`.
// Run it: BOT_PASSWORD=… node examples/welcome-bot.mjs ROOM INVITE
// The invite is needed only the first time. Ctrl+C stops the bot.
import { connect } from 'partyline';

const [room = 'lobby', invite] = process.argv.slice(2);
const chat = await connect({
  username: 'welcome-bot',
  password: process.env.BOT_PASSWORD,
  register: true,
  invite,
});
process.once('SIGINT', () => void chat.close()).once('SIGTERM', () => void chat.close());
// Refused if the bot is a member already. That is fine.
await chat.join(room);
console.log(`${chat.username} is in #${room}`);

for await (const event of chat) {
  if (event.event === 'message') {
    if (event.text.trim() === '!ping') await event.reply('pong');
  } else if (event.type === 'MemberJoined' && event.username !== chat.username) {
    await chat.send(event.conversation, `Welcome, *${event.username}*! Write \`!ping\` to test me.`);
  }
}
await chat.close();
