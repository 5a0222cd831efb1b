// The commands about what the user is told of: what is unread, what is muted, and being left in peace.
import { nothing } from './arguments/arguments.js';
import { muting, onOff, optionalTarget } from './arguments/notifications.js';
import { type Command, command } from './definition.js';
import { reply } from './reply.js';

export const attentionCommands: readonly Command[] = [
  command({
    name: 'unread',
    parameters: '',
    summary: 'List what is unread, by conversation.',
    example: '/unread',
    family: 5,
    names: null,
    arguments: nothing,
    run: async (chat) => [reply('unread', await chat.unread())],
  }),
  command({
    name: 'mute',
    parameters: '[CONVERSATION|USER] [all|mentions] [DURATION]',
    summary:
      'Be told nothing of a conversation, or only of mentions, for a time or for good: #room, @user in private, or a member of the open room by the bare name; the open conversation unless named.',
    example: '/mute #lobby mentions 2h',
    family: 5,
    names: 'conversation',
    arguments: muting,
    run: async (chat, { target, level, durationMs, isBare }) => [
      isBare && chat.current === null
        ? reply('mutes', await chat.mutes())
        : reply('muted', await chat.mute(target, level, durationMs)),
    ],
  }),
  command({
    name: 'unmute',
    parameters: '[CONVERSATION|USER]',
    summary: 'End a mute: #room, @user in private, or a member of the open room by the bare name.',
    example: '/unmute #lobby',
    family: 5,
    names: 'conversation',
    arguments: optionalTarget,
    run: async (chat, target) => [reply('unmuted', await chat.unmute(target))],
  }),
  command({
    name: 'mutes',
    parameters: '',
    summary: 'List what is muted, and until when.',
    example: '/mutes',
    family: 5,
    names: null,
    arguments: nothing,
    run: async (chat) => [reply('mutes', await chat.mutes())],
  }),
  command({
    name: 'dnd',
    parameters: '[on|off]',
    summary: 'Do not disturb: no bell and no desktop notification; on unless told.',
    example: '/dnd off',
    family: 5,
    names: null,
    arguments: onOff,
    run: async (chat, isOn) => [reply('dnd', await chat.setDnd(isOn))],
  }),
];
