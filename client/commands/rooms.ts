// The commands about rooms.
import { foldName } from '../../core/protocol/names.js';
import { type Refusal, refusal } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import { newRoom, nothing, optionalRoom, room } from './arguments/arguments.js';
import { type Command, command } from './definition.js';
import { online } from './online.js';

export const roomCommands: readonly Command[] = [
  command({
    name: 'rooms',
    parameters: '',
    summary: 'List the rooms there are.',
    example: '/rooms',
    family: 2,
    names: null,
    arguments: nothing,
    run: online('rooms', (chat) => chat.rooms()),
  }),
  command({
    name: 'create',
    parameters: 'ROOM [--private]',
    summary: 'Make a room, lead it and talk in it; --private lets in only whom an admin invites.',
    example: '/create lobby',
    family: 2,
    names: 'room',
    arguments: newRoom,
    run: online('opened', (chat, { name, isPrivate }) => chat.create(name, { isPrivate })),
  }),
  command({
    name: 'join',
    parameters: 'ROOM',
    summary: 'Become a member of a room and talk in it.',
    example: '/join lobby',
    family: 2,
    names: 'room',
    arguments: room,
    run: online('opened', (chat, name) => {
      const label = chat.conversations.find((one) => foldName(one) === foldName(`#${name}`));
      // Who is in it wants to talk in it.
      return label === undefined || label === chat.current ? chat.join(name) : chat.open(label);
    }),
  }),
  command({
    name: 'leave',
    parameters: '[ROOM]',
    summary: 'Leave a room: the one that is open, unless named. /members says who would lead it then.',
    example: '/leave lobby',
    family: 2,
    names: 'room',
    arguments: optionalRoom,
    run: online('left', async (chat, name) =>
      isRoomMeant(chat, name) ? chat.leave(name) : noRoomOpen('/leave'),
    ),
  }),
  command({
    name: 'members',
    parameters: '[ROOM]',
    summary: 'List the members of a room, in join order: of the one that is open, unless named.',
    example: '/members lobby',
    family: 2,
    names: 'room',
    arguments: optionalRoom,
    run: online('members', async (chat, name) =>
      isRoomMeant(chat, name) ? chat.members(name) : noRoomOpen('/members'),
    ),
  }),
];

function isRoomMeant(chat: Chat, name: string | null): boolean {
  return name !== null || chat.current?.startsWith('#') === true;
}

function noRoomOpen(slashName: string): Refusal {
  const message = `No room is open here. Name one, for example: ${slashName} lobby, or open it first: /open #lobby`;
  return refusal(2, 'INVALID_COMMAND', message);
}
