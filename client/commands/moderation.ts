// The commands for admins of a room. They apply to the open room.
import { refusal } from '../chat/outcome.js';
import type { Chat, Moderation } from '../chat/port.js';
import { person, personAndReason, topicText } from './arguments/arguments.js';
import { type Command, command } from './definition.js';
import { online } from './online.js';
import type { OutcomeOf, ReplyKind } from './reply.js';

export const moderationCommands: readonly Command[] = [
  aboutPerson(
    'INVITE',
    'invite',
    'Allow a person to join the room. A private room can be joined only by invitation.',
  ),
  withReason('REMOVE', 'remove', 'Remove a member from the room. The person may join again.'),
  withReason('BAN', 'ban', 'Remove a member from the room. The person may not join again.'),
  aboutPerson('UNBAN', 'unban', 'Lift a ban, so that the person may join again.'),
  aboutPerson('PROMOTE', 'promote', 'Make a member an admin.'),
  aboutPerson('DEMOTE', 'demote', 'Make an admin an ordinary member. With your own name, step down.'),
  aboutPerson('SUCCESSOR', 'successor', 'Choose the member who becomes admin when the last admin leaves.'),
  command({
    name: 'topic',
    parameters: '[TEXT|--clear]',
    summary: 'Show the topic of the room, or set it. --clear removes it.',
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

/** The `run` of a command on the current room. It refuses if no room is open. */
function inRoom<K extends ReplyKind, A>(
  name: string,
  kind: K,
  act: (chat: Chat, args: A) => Promise<OutcomeOf<K>>,
) {
  return online<K, A>(kind, async (chat, args) => {
    if (chat.current?.startsWith('#') === true) return act(chat, args);
    const message = `No room is open here. Open the room for /${name} first, for example: /open #lobby`;
    return refusal(2, 'INVALID_COMMAND', message);
  });
}
