// To whom this account's addresses are given, and who counts as a contact: whoever the user has written to in private. The
// tracker keeps both, for all terminals of the account.
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
import type { Outcome } from '../events.js';
import type { Introducer } from '../peers/introducer.js';
import { outcomeOf, refused, unusable } from '../outcome.js';

export interface ContactsParts {
  readonly session: Pick<Session, 'identity' | 'request'>;
  readonly history: Pick<History, 'messagesBefore'>;
  readonly conversations: Pick<Conversations, 'partners'>;
  readonly introducer: Pick<Introducer, 'introduceTo' | 'introduceToWanted'>;
  readonly log: Log;
}

export interface Contacts {
  /** The user has written to this person in private. The tracker hears of it meanwhile, or at the next review. */
  wrote(partner: AccountId): void;
  /** Asks what was chosen, and tells who the contacts are if they matter; false if the tracker cannot be asked now. */
  review(): Promise<boolean>;
  /** Asks for the choice, or makes it. */
  privacy(choice: PrivacyChoice | null): Promise<Outcome>;
}

/** Of a conversation, as many messages are looked through for one of the user's own. */
const LOOKED_THROUGH = 64;

export function createContacts(parts: ContactsParts): Contacts {
  const { session, history, conversations, introducer, log } = parts;
  // While the account is open the tracker is not told whom it writes to. Null before it has said what holds.
  let chosen: (PrivacyState & { readonly by: AccountId }) | null = null;
  /** Whom the tracker has been told of, and who is none as far as was said here. */
  const told = new Set<AccountId>();
  const strangers = new Set<AccountId>();

  function learn(by: AccountId, { privacy, since }: PrivacyState): void {
    if (chosen?.by !== by || chosen.privacy !== privacy || chosen.since !== since) {
      told.clear();
      strangers.clear();
    }
    chosen = { by, privacy, since };
  }

  async function ask(choice: PrivacyChoice | null): Promise<{
    readonly response: Response;
    /** What is wrong with the answer. */
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
      for (const account of chunk) told.add(account);
      const fresh = answer.data.accepted.filter((account) => chunk.includes(account));
      // Anew, now with addresses.
      if (fresh.length > 0) await introducer.introduceTo(fresh);
    }
    return true;
  }

  async function hasWrittenTo(me: AccountId, partner: AccountId): Promise<boolean> {
    const latest = await history.messagesBefore(privateConversation(me, partner), null, LOOKED_THROUGH);
    return latest.some(({ message }) => message.account === me);
  }

  /** Tells of all to whom something was written here, at whatever time; each conversation is looked through once. */
  async function tell(me: AccountId): Promise<boolean> {
    const contacts: AccountId[] = [];
    for (const partner of conversations.partners()) {
      if (told.has(partner) || strangers.has(partner)) continue;
      if (await hasWrittenTo(me, partner)) contacts.push(partner);
      else strangers.add(partner);
    }
    return accept(contacts);
  }

  return {
    wrote(partner) {
      strangers.delete(partner);
      const me = session.identity?.account;
      if (chosen?.by !== me || chosen?.privacy !== 'contacts' || told.has(partner)) return;
      accept([partner]).catch((error: unknown) =>
        log.error({ error }, 'the tracker was not told of a contact'),
      );
    },
    async review() {
      const me = session.identity?.account;
      if (me === undefined) return true;
      const { response } = await ask(null);
      // An older tracker gives everybody's addresses.
      if (response.phrase === 'INVALID_COMMAND') return true;
      if (!isSuccess(response.status)) return false;
      return chosen?.privacy === 'contacts' ? tell(me) : true;
    },
    async privacy(choice) {
      const { response, fault } = await ask(choice);
      if (fault !== null) return unusable(fault);
      if (!isSuccess(response.status) || chosen === null) return refused(response);
      if (choice === 'contacts') await tell(chosen.by);
      // Whoever is linked is introduced anew: with addresses, or without.
      if (choice !== null) await introducer.introduceToWanted('all');
      return outcomeOf(response, { privacy: chosen.privacy });
    },
  };
}
