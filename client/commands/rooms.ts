// The commands about rooms.
import { foldName } from '../../core/protocol/names.js';
import { type Refusal, refusal } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import { newRoom, nothing, optionalRoom, room } from './arguments/arguments.js';
import { roomLogPage } from './arguments/room-log.js';
import { type Command, command } from './definition.js';
import { online } from './online.js';

export const roomCommands: readonly Command[] = [
  command({
    name: 'rooms',
    parameters: '',
    summary: 'List all rooms that you can see.',
    example: '/rooms',
    family: 2,
    names: null,
    isIndependent: true,
    arguments: nothing,
    run: online('rooms', (chat) => chat.rooms()),
  }),
  command({
    name: 'create',
    parameters: 'ROOM [--private]',
    summary: 'Create a room, become its admin and open it. With --private, only invited people can join.',
    example: '/create lobby',
    family: 2,
    names: 'room',
    arguments: newRoom,
    run: online('opened', (chat, { name, isPrivate }) => chat.create(name, { isPrivate })),
  }),
  command({
    name: 'join',
    parameters: 'ROOM',
    summary: 'Join a room and open it.',
    example: '/join lobby',
    family: 2,
    names: 'room',
    arguments: room,
    run: online('opened', (chat, name) => {
      const label = chat.conversations.find((one) => foldName(one) === foldName(`#${name}`));
      // If the user is already a member, the room is only opened.
      return label === undefined || label === chat.current ? chat.join(name) : chat.open(label);
    }),
  }),
  command({
    name: 'leave',
    parameters: '[ROOM]',
    summary: 'Leave a room (default: the open one). /members shows the next admin.',
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
    summary: 'List the members of a room (default: the open one) in join order.',
    example: '/members lobby',
    family: 2,
    names: 'room',
    isIndependent: true,
    arguments: optionalRoom,
    run: online('members', async (chat, name) =>
      isRoomMeant(chat, name) ? chat.members(name) : noRoomOpen('/members'),
    ),
  }),
  command({
    name: 'log',
    parameters: '[ROOM [BEFORE]]',
    summary:
      'Show the moderation history of a room (default: the open one), with proof. With BEFORE, a version of the room, show the events before that version.',
    example: '/log lobby',
    family: 2,
    names: 'room',
    arguments: roomLogPage,
    run: online('log', async (chat, page) =>
      isRoomMeant(chat, page.room) ? chat.log(page.room, page.before) : noRoomOpen('/log'),
    ),
  }),
];

function isRoomMeant(chat: Chat, name: string | null): boolean {
  return name !== null || chat.current?.startsWith('#') === true;
}

function noRoomOpen(slashName: string): Refusal {
  const message = `No room is open here. Name one, for example: ${slashName} lobby, or open one first: /open #lobby`;
  return refusal(2, 'INVALID_COMMAND', message);
}
