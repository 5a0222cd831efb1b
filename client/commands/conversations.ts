// The commands about private conversations, and about the conversation that receives plain lines.
import { foldName } from '../../core/protocol/names.js';
import type { CarrierChoice } from '../chat/peers/carrier-choice.js';
import type { ConversationLabel } from '../chat/events.js';
import { type Refusal, refusal } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import type { PrivateOutcome } from '../chat/results.js';
import { addressee, anyText, linkChoice, personAndOk, type Target, target } from './arguments/arguments.js';
import { type Command, command } from './definition.js';
import { offlineRefusal } from './online.js';
import { quoted } from './quoted.js';
import { reply } from './reply.js';

export const conversationCommands: readonly Command[] = [
  command({
    name: 'msg',
    parameters: '[--auto|--tcp|--udp|--relay] USER [TEXT]',
    summary:
      'Open a private conversation with a person, and send TEXT if given. With an option, the conversation uses only that carrier from now on.',
    example: '/msg bob see you at noon',
    family: 3,
    names: 'person',
    arguments: addressee,
    async *run(chat, { username, choice, text }) {
      const { outcome, conversation } = await start(chat, username, choice);
      const isUnsent = text !== null && conversation === undefined;
      yield reply('private', isUnsent ? notSent(outcome) : outcome);
      if (text !== null && conversation !== undefined)
        yield reply('message', await chat.say(conversation, text));
    },
  }),
  command({
    name: 'me',
    parameters: 'TEXT',
    summary:
      'Send a sentence about yourself to the open conversation: after /me waves, the others see your name and "waves" in italics.',
    example: '/me waves',
    family: 4,
    names: null,
    isIndependent: true,
    arguments: anyText,
    run: async (chat, text) => [reply('message', await chat.say(null, text, 'action'))],
  }),
  command({
    name: 'open',
    parameters: 'CONVERSATION',
    summary: 'Open a conversation, so that your lines are sent to it: #room or @user.',
    example: '/open #lobby',
    family: 5,
    names: 'conversation',
    arguments: target,
    run: async (chat, wanted) => {
      const known = find(chat, candidates(wanted));
      if (known !== undefined) return [reply('opened', await chat.open(known))];
      // The session brings the joined rooms, so a missing conversation may exist once the session is online.
      const offline = await offlineRefusal(chat);
      if (offline !== null) return [reply('opened', offline)];
      const label = find(chat, candidates(wanted)) ?? ('label' in wanted ? wanted.label : undefined);
      return [reply('opened', label === undefined ? noConversation(wanted) : await chat.open(label))];
    },
  }),
  command({
    name: 'link',
    parameters: 'auto|tcp|udp|relay [CONVERSATION]',
    summary:
      'Choose the carrier of a conversation, by default of the open conversation. With auto, the best carrier that works is used, and better carriers are tried at once. Any other choice excludes all other carriers. If you share several conversations with a person, they all use one carrier: the choice for the private conversation, else the latest choice for a room, else the best.',
    example: '/link udp @bob',
    family: 5,
    names: null,
    arguments: linkChoice,
    run: async (chat, { choice, target: wanted }) => {
      if (wanted === null) return [reply('carrier', await chat.link(null, choice))];
      const label = find(chat, candidates(wanted)) ?? ('label' in wanted ? wanted.label : undefined);
      return [
        reply('carrier', label === undefined ? noConversation(wanted) : await chat.link(label, choice)),
      ];
    },
  }),
  command({
    name: 'verify',
    parameters: 'USER [ok]',
    summary:
      'Show a code to compare with the other person. If both codes are the same, nobody intercepts the conversation. With ok, confirm that you compared them.',
    example: '/verify bob',
    family: 3,
    names: 'person',
    arguments: personAndOk,
    run: async (chat, { username, isOk }) => [
      isOk
        ? reply('verified', await chat.verify(username))
        : reply('codes', await chat.safetyCodes(username)),
    ],
  }),
];

/** The outcome of /msg, and the conversation that takes its text; undefined if no conversation is open for it. */
interface Started {
  readonly outcome: PrivateOutcome;
  readonly conversation: ConversationLabel | undefined;
}

/** Without a session there is no introduction. A known conversation opens anyway, and the outbox keeps its messages. */
async function start(chat: Chat, username: string, choice: CarrierChoice | null): Promise<Started> {
  const offline = await offlineRefusal(chat);
  if (offline !== null) {
    const known = find(chat, [`@${username}`]);
    if (known !== undefined) await chat.open(known);
    return { outcome: offline, conversation: known };
  }
  const outcome = await chat.startPrivate(username, choice);
  if (outcome.isOk) return { outcome, conversation: outcome.data.conversation };
  return { outcome, conversation: 'conversation' in outcome ? outcome.conversation : undefined };
}

/** The refusal of a /msg whose text has no conversation to go to. It is the only reply, so it covers the text too. */
function notSent(outcome: PrivateOutcome): PrivateOutcome {
  return outcome.isOk ? outcome : { ...outcome, message: `${outcome.message} Your message was not sent.` };
}

function candidates(wanted: Target): readonly ConversationLabel[] {
  return 'label' in wanted ? [wanted.label] : [`#${wanted.word}`, `@${wanted.word}`];
}

/** The first of `labels` that is a conversation of this terminal, in that conversation's own spelling. */
function find(chat: Chat, labels: readonly ConversationLabel[]): ConversationLabel | undefined {
  return labels
    .map((label) => chat.conversations.find((one) => foldName(one) === foldName(label)))
    .find((label) => label !== undefined);
}

function noConversation(wanted: Target): Refusal {
  const name = 'label' in wanted ? wanted.label : wanted.word;
  const message = `There is no conversation ${quoted(name)} here. Join a room with /join ROOM, or write to a person with /msg USER.`;
  return refusal(5, 'INVALID_COMMAND', message);
}
