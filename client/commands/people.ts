// The commands about people: who is online, and with whom there is to be no contact.
import { nothing, person, privacyChoice } from './arguments/arguments.js';
import { type Command, command } from './definition.js';
import { online } from './online.js';

export const peopleCommands: readonly Command[] = [
  command({
    name: 'people',
    parameters: '',
    summary: 'List who is online: whether they are there, the link to them, and the rooms you share.',
    example: '/people',
    family: 3,
    names: null,
    arguments: nothing,
    run: online('people', (chat) => chat.people()),
  }),
  command({
    name: 'block',
    parameters: 'USER',
    summary:
      'End all contact with a person, at all your terminals: no link, no private messages, and nothing they say in a room. To them you are offline.',
    example: '/block bob',
    family: 3,
    names: 'person',
    arguments: person,
    run: online('blocked', (chat, username) => chat.block(username)),
  }),
  command({
    name: 'unblock',
    parameters: 'USER',
    summary: 'Allow contact with a person again.',
    example: '/unblock bob',
    family: 3,
    names: 'person',
    arguments: person,
    run: online('blocked', (chat, username) => chat.unblock(username)),
  }),
  command({
    name: 'blocks',
    parameters: '',
    summary: 'List whom you have blocked.',
    example: '/blocks',
    family: 3,
    names: null,
    arguments: nothing,
    run: online('blocks', (chat) => chat.blocks()),
  }),
  command({
    name: 'privacy',
    parameters: '[open|contacts]',
    summary:
      'Give your addresses to anybody who asks for you, or to contacts only: whom you share a room with, or have written to. Links to all others go through the broker. Alone it tells what holds.',
    example: '/privacy contacts',
    family: 3,
    names: null,
    arguments: privacyChoice,
    run: online('privacy', (chat, choice) => chat.privacy(choice)),
  }),
];
