// The address privacy setting of the account, and its contacts: the people the user has written to in private. The tracker keeps
// both for all terminals of the account.
import type { AccountId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import { explain, type Response } from '../../../core/protocol/envelope.js';
import { limits } from '../../../core/protocol/limits.js';
import { privateConversation } from '../../../core/protocol/message/message.js';
import {
  acceptedSchema,
  type PrivacyChoice,
  type PrivacyState,
  privacyStateSchema,
} from '../../../core/protocol/operations.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { History } from '../../history/port.js';
import type { Session } from '../../session/port.js';
import type { Conversations } from '../conversations.js';
import type { Introducer } from '../peers/introducer.js';
import { granted, refused, unusable } from '../outcome.js';
import type { ChatActions } from '../port.js';

export interface ContactsParts {
  readonly session: Pick<Session, 'identity' | 'request'>;
  readonly history: Pick<History, 'messagesBefore'>;
  readonly conversations: Pick<Conversations, 'partners'>;
  readonly introducer: Pick<Introducer, 'introduceTo' | 'introduceToWanted'>;
  readonly log: Log;
}

export interface Contacts {
  readonly actions: Pick<ChatActions, 'privacy'>;
  /** Records that the user has written to this person in private. The tracker receives it in the background, or at the next review. */
  wrote(partner: AccountId): void;
  /** Gets the setting, and sends the contacts if the setting needs them; false if the tracker cannot be asked now. */
  review(): Promise<boolean>;
}

/** The number of a conversation's latest messages that are searched for a message by the user. */
const SEARCHED_MESSAGES = 64;

export function createContacts(parts: ContactsParts): Contacts {
  const { session, history, conversations, introducer, log } = parts;
  /** The setting; null before the tracker has sent it. Open accounts send no contacts. */
  let chosen: (PrivacyState & { readonly by: AccountId }) | null = null;
  /** The contacts that the tracker has. */
  const sent = new Set<AccountId>();
  /** The partners of private conversations in which no message by the user was found. */
  const strangers = new Set<AccountId>();

  function learn(by: AccountId, { privacy, since }: PrivacyState): void {
    if (chosen?.by !== by || chosen.privacy !== privacy || chosen.since !== since) {
      sent.clear();
      strangers.clear();
    }
    chosen = { by, privacy, since };
  }

  async function ask(choice: PrivacyChoice | null): Promise<{
    readonly response: Response;
    /** The fault in the answer; null if it has none. */
    readonly fault: string | null;
  }> {
    const by = session.identity?.account;
    const asked = { operation: 'PRIVACY', ...(choice === null ? {} : { choice }) };
    const response = await session.request('People', asked);
    if (!isSuccess(response.status) || by === undefined) return { response, fault: null };
    const answer = privacyStateSchema.safeParse(response.data);
    if (!answer.success) return { response, fault: explain(answer.error) };
    learn(by, answer.data);
    return { response, fault: null };
  }

  async function accept(accounts: readonly AccountId[]): Promise<boolean> {
    for (let from = 0; from < accounts.length; from += limits.accountsPerIntroduction) {
      const chunk = accounts.slice(from, from + limits.accountsPerIntroduction);
      const response = await session.request('People', { operation: 'ACCEPT', accounts: chunk });
      const answer = isSuccess(response.status) ? acceptedSchema.safeParse(response.data) : null;
      if (answer?.success !== true) return false;
      for (const account of chunk) sent.add(account);
      const fresh = answer.data.accepted.filter((account) => chunk.includes(account));
      // New introductions to the accepted accounts carry addresses.
      if (fresh.length > 0) await introducer.introduceTo(fresh);
    }
    return true;
  }

  async function hasWrittenTo(me: AccountId, partner: AccountId): Promise<boolean> {
    const latest = await history.messagesBefore(privateConversation(me, partner), null, SEARCHED_MESSAGES);
    return latest.some(({ message }) => message.account === me);
  }

  /** Sends all contacts that this terminal knows. Each conversation is searched once. */
  async function sendAll(me: AccountId): Promise<boolean> {
    const contacts: AccountId[] = [];
    for (const partner of conversations.partners()) {
      if (sent.has(partner) || strangers.has(partner)) continue;
      if (await hasWrittenTo(me, partner)) contacts.push(partner);
      else strangers.add(partner);
    }
    return accept(contacts);
  }

  return {
    wrote(partner) {
      strangers.delete(partner);
      const me = session.identity?.account;
      if (chosen?.by !== me || chosen?.privacy !== 'contacts' || sent.has(partner)) return;
      accept([partner]).catch((error: unknown) =>
        log.error({ error }, 'a contact was not sent to the tracker'),
      );
    },
    async review() {
      const me = session.identity?.account;
      if (me === undefined) return true;
      const { response } = await ask(null);
      // An older tracker has no such setting: it gives addresses to everybody.
      if (response.phrase === 'INVALID_COMMAND') return true;
      if (!isSuccess(response.status)) return false;
      return chosen?.privacy === 'contacts' ? sendAll(me) : true;
    },
    actions: {
      async privacy(choice) {
        const { response, fault } = await ask(choice);
        if (fault !== null) return unusable(fault);
        if (!isSuccess(response.status) || chosen === null) return refused(response);
        if (choice === 'contacts') await sendAll(chosen.by);
        // The choice decides whether introductions carry addresses, so everyone is introduced again.
        if (choice !== null) await introducer.introduceToWanted('all');
        return granted(response, { choice: chosen.privacy });
      },
    },
  };
}
