// The action that sends a typed line: it parses markup, stores the message and hands it to the outbox. It does not read the
// recipients' answers.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { explain } from '../../../core/protocol/envelope.js';
import { type HybridClock, millisecondsOf } from '../../../core/protocol/message/hlc.js';
import { type FormattedText, parseTyped } from '../../../core/protocol/message/markup.js';
import { type ConversationId, contentSchema, partiesOf } from '../../../core/protocol/message/message.js';
import type { Span } from '../../../core/protocol/message/spans.js';
import { isVisible } from '../../../core/protocol/message/visible.js';
import { textFault } from '../../../core/protocol/text-limits.js';
import type { UnnumberedMessage, History } from '../../history/port.js';
import type { Identity } from '../../session/port.js';
import type { TrackerClock } from '../../time/tracker-clock.js';
import type { Contacts } from '../people/contacts.js';
import type { Conversations } from '../conversations.js';
import { type ConversationLabel, shownHops, type Tell } from '../events.js';
import type { Outbox } from './outbox.js';
import { refusal, success } from '../outcome.js';
import type { ChatActions } from '../port.js';
import type { Audience } from './audience.js';

export interface SendParts {
  readonly identity: () => Identity | null;
  readonly history: History;
  readonly conversations: Conversations;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly outbox: Pick<Outbox, 'post'>;
  readonly contacts: Pick<Contacts, 'wrote'>;
  readonly audience: (conversation: ConversationId, me: AccountId) => Audience;
  readonly hybridClock: HybridClock;
  readonly trackerClock: Pick<TrackerClock, 'state'>;
  readonly sign: (device: DeviceId, data: Uint8Array) => Buffer;
  readonly tell: Tell;
}

export function createSend(parts: SendParts): ChatActions['say'] {
  const { conversations } = parts;

  return async (label, line, form = 'message', hops = 0) => {
    const identity = parts.identity();
    if (identity === null) return refusal(1, 'NOT_LOGGED_IN');
    const conversation = label === null ? conversations.current() : conversations.find(label);
    if (conversation === null) return refusal(4, 'INVALID_COMMAND');
    if (conversation === undefined) {
      return refusal(4, 'INVALID_COMMAND', `${label} is not open. ${howToOpen(label)}`);
    }
    const { account, device } = identity;
    const partner = partiesOf(conversation)?.find((party) => party !== account);
    if (partner !== undefined && parts.isBlocked(partner)) return refusal(4, 'USER_IS_BLOCKED');
    const { roster, recipients } = parts.audience(conversation, account);
    const parsed = parseTyped(line);
    const said = form === 'action' ? actionOf(identity.username, parsed) : parsed;
    const hlc = parts.hybridClock.tick();
    const draft: UnnumberedMessage = {
      conversation,
      account,
      device,
      hlc,
      roster,
      text: said.text,
      spans: [...said.spans],
    };
    const fault = faultOf(draft);
    if (fault !== null) return refusal(4, 'INVALID_FORMAT', `${fault} Shorten or rewrite the message.`);
    const stored = await parts.history.accept(draft, recipients, {
      sign: (data) => parts.sign(device, data),
      isProvisional: parts.trackerClock.state === 'unknown',
      hops,
    });
    parts.tell('said', {
      conversation: conversations.labelOf(conversation),
      from: identity.username,
      id: stored.id,
      text: draft.text,
      spans: draft.spans,
      link: null,
      at: millisecondsOf(hlc),
      ...shownHops(hops),
    });
    parts.outbox.post(stored, recipients);
    if (partner !== undefined) parts.contacts.wrote(partner);
    return success(4, 'MESSAGE_SENT', { id: stored.id });
  };
}

/**
 * The author's name followed by the text, all in italics. A text without visible characters stays as it is and is refused later.
 */
function actionOf(username: string, { text, spans }: FormattedText): FormattedText {
  if (!isVisible(text)) return { text, spans };
  const shift = username.length + 1;
  const whole: Span = { style: 'ITALIC', start: 0, end: shift + text.length };
  const moved = spans.map((span) => ({ ...span, start: span.start + shift, end: span.end + shift }));
  return { text: `${username} ${text}`, spans: [whole, ...moved] };
}

function howToOpen(label: ConversationLabel | null): string {
  const name = label?.slice(1) ?? '';
  return label?.startsWith('@') ? `Use /msg ${name} first.` : `Use /join ${name} first.`;
}

/** The fault of the draft, as a sentence; null if it has none. */
function faultOf(draft: UnnumberedMessage): string | null {
  const fault = textFault('message', draft.text);
  if (fault !== null) return fault;
  const parsed = contentSchema.safeParse(draft);
  return parsed.success ? null : explain(parsed.error);
}
