// The commands about the account of this terminal.
import { credentials, deviceChoice, newName, nothing, twoPasswords } from './arguments/arguments.js';
import { type Command, command } from './definition.js';
import { askOnline, online } from './online.js';
import { reply } from './reply.js';

export const accountCommands: readonly Command[] = [
  command({
    name: 'register',
    parameters: 'NAME PASSWORD',
    summary:
      'Create an account and log in. Everything after the name and one space is the password, including further spaces.',
    example: '/register alice correct horse battery',
    family: 1,
    names: null,
    secretAfter: 1,
    arguments: credentials,
    run: async (chat, { username, password }) => [reply('loggedIn', await chat.register(username, password))],
  }),
  command({
    name: 'login',
    parameters: 'NAME PASSWORD',
    summary:
      'Log in to an account. Everything after the name and one space is the password, including further spaces.',
    example: '/login alice correct horse battery',
    family: 1,
    names: null,
    secretAfter: 1,
    arguments: credentials,
    run: async (chat, { username, password }) => [reply('loggedIn', await chat.login(username, password))],
  }),
  command({
    name: 'rename',
    parameters: 'NAME',
    summary: 'Rename your account. The old name stays reserved for 30 days.',
    example: '/rename alicia',
    family: 1,
    names: null,
    arguments: newName,
    run: online('renamed', (chat, username) => chat.rename(username)),
  }),
  command({
    name: 'password',
    parameters: 'OLD NEW',
    summary: 'Change your password. Put a password with spaces in double quotes.',
    example: '/password correct-horse-battery "a longer pass phrase"',
    family: 1,
    names: null,
    secretAfter: 0,
    arguments: twoPasswords,
    run: online('done', (chat, { current, next }) => chat.changePassword(current, next)),
  }),
  command({
    name: 'devices',
    parameters: '[revoke NAME|NUMBER]',
    summary: 'List the terminals of your account, or log one out.',
    example: '/devices revoke 2',
    family: 1,
    names: null,
    arguments: deviceChoice,
    run: (chat, which) =>
      which === null
        ? askOnline(chat, 'devices', () => chat.devices())
        : askOnline(chat, 'revoked', () => chat.revoke(which)),
  }),
  command({
    name: 'logout',
    parameters: '',
    summary: 'Log out and forget the account on this terminal.',
    example: '/logout',
    family: 1,
    names: null,
    arguments: nothing,
    run: online('done', (chat) => chat.logout()),
  }),
];
