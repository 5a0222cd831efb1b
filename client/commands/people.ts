// The commands about people: presence, blocks and address privacy.
import { nothing, person, privacyChoice } from './arguments/arguments.js';
import { type Command, command } from './definition.js';
import { online } from './online.js';

export const peopleCommands: readonly Command[] = [
  command({
    name: 'people',
    parameters: '',
    summary: 'List the people who are online, with their state, the link to them, and the rooms you share.',
    example: '/people',
    family: 3,
    names: null,
    isIndependent: true,
    arguments: nothing,
    run: online('people', (chat) => chat.people()),
  }),
  command({
    name: 'block',
    parameters: 'USER',
    summary:
      'Block a person on all your terminals: no link, no private messages, and none of their messages in rooms. They see you as offline.',
    example: '/block bob',
    family: 3,
    names: 'person',
    arguments: person,
    run: online('blocked', (chat, username) => chat.block(username)),
  }),
  command({
    name: 'unblock',
    parameters: 'USER',
    summary: 'Unblock a person.',
    example: '/unblock bob',
    family: 3,
    names: 'person',
    arguments: person,
    run: online('blocked', (chat, username) => chat.unblock(username)),
  }),
  command({
    name: 'blocks',
    parameters: '',
    summary: 'List the people you have blocked.',
    example: '/blocks',
    family: 3,
    names: null,
    isIndependent: true,
    arguments: nothing,
    run: online('blocks', (chat) => chat.blocks()),
  }),
  command({
    name: 'privacy',
    parameters: '[open|contacts]',
    summary:
      'Share your network addresses with everybody (open), or only with people you share a room with or have written to (contacts). Links to all other people go through the broker. Without an argument, show the current setting.',
    example: '/privacy contacts',
    family: 3,
    names: null,
    arguments: privacyChoice,
    run: online('privacy', (chat, choice) => chat.privacy(choice)),
  }),
];
