// The commands about notifications: unread counts, mutes and do not disturb.
import { nothing } from './arguments/arguments.js';
import { muting, onOff, optionalTarget } from './arguments/notifications.js';
import { type Command, command } from './definition.js';
import { reply } from './reply.js';

export const attentionCommands: readonly Command[] = [
  command({
    name: 'unread',
    parameters: '',
    summary: 'List the unread messages of each conversation.',
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
      'Mute a conversation, fully or except for mentions, for a duration or until you unmute it. Give #room for a room, @user for a private conversation, or the plain name of a member of the open room (default: the open conversation). Without arguments and without an open conversation, list all mutes.',
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
    summary:
      'End a mute. Give #room for a room, @user for a private conversation, or the plain name of a member of the open room (default: the open conversation).',
    example: '/unmute #lobby',
    family: 5,
    names: 'conversation',
    arguments: optionalTarget,
    run: async (chat, target) => [reply('unmuted', await chat.unmute(target))],
  }),
  command({
    name: 'mutes',
    parameters: '',
    summary: 'List all mutes with the time at which each ends.',
    example: '/mutes',
    family: 5,
    names: null,
    isIndependent: true,
    arguments: nothing,
    run: async (chat) => [reply('mutes', await chat.mutes())],
  }),
  command({
    name: 'dnd',
    parameters: '[on|off]',
    summary: 'Turn "do not disturb" on (default) or off. It silences the bell and desktop notifications.',
    example: '/dnd off',
    family: 5,
    names: null,
    arguments: onOff,
    run: async (chat, isOn) => [reply('dnd', await chat.setDnd(isOn))],
  }),
];
