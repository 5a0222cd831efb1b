// The commands of a room's admins, all for the room that is open.
import { refusal } from '../chat/outcome.js';
import type { Chat, Moderation } from '../chat/port.js';
import { person, personAndReason, topicText } from './arguments/arguments.js';
import { type Command, command } from './definition.js';
import { online } from './online.js';
import type { OutcomeOf, ReplyKind } from './reply.js';

export const moderationCommands: readonly Command[] = [
  aboutPerson('INVITE', 'invite', 'Let a person into the room; into a private one nobody else comes.'),
  withReason('REMOVE', 'remove', 'Take a member out of the room; they may join again.'),
  withReason('BAN', 'ban', 'Take a member out of the room for good.'),
  aboutPerson('UNBAN', 'unban', 'Let a person who was banned join again.'),
  aboutPerson('PROMOTE', 'promote', 'Make a member an admin.'),
  aboutPerson('DEMOTE', 'demote', 'Make an admin an ordinary member; of yourself: step down.'),
  aboutPerson('SUCCESSOR', 'successor', 'Say who leads the room when its last admin goes.'),
  command({
    name: 'topic',
    parameters: '[TEXT|--clear]',
    summary: 'Show what the room is about, or set it.',
    example: '/topic Tea at five',
    family: 2,
    names: null,
    arguments: topicText,
    run: inRoom('topic', 'topic', (chat, topic) => (topic === null ? chat.topic() : chat.setTopic(topic))),
  }),
];

function withReason(operation: 'REMOVE' | 'BAN', name: string, summary: string): Command {
  return command({
    name,
    parameters: 'USER [REASON]',
    summary,
    example: `/${name} bob please be kind`,
    family: 2,
    names: 'person',
    arguments: personAndReason,
    run: inRoom(name, 'moderated', (chat, { username, reason }) =>
      chat.moderate({ operation, username, reason }),
    ),
  });
}

function aboutPerson(
  operation: Exclude<Moderation['operation'], 'REMOVE' | 'BAN'>,
  name: string,
  summary: string,
): Command {
  return command({
    name,
    parameters: 'USER',
    summary,
    example: `/${name} bob`,
    family: 2,
    names: 'person',
    arguments: person,
    run: inRoom(name, 'moderated', (chat, username) => chat.moderate({ operation, username })),
  });
}

/** The `run` of a command on the current room. It never guesses a room. */
function inRoom<K extends ReplyKind, A>(
  name: string,
  kind: K,
  act: (chat: Chat, args: A) => Promise<OutcomeOf<K>>,
) {
  return online<K, A>(kind, async (chat, args) => {
    if (chat.current?.startsWith('#') === true) return act(chat, args);
    const message = `No room is open here. Open the one that /${name} is meant for first: /open #lobby`;
    return refusal(2, 'INVALID_COMMAND', message);
  });
}
