// The drafts of the account that is logged in: the unsent text of each open conversation, kept on the disk. Sends nothing.
import type { AccountId } from '../../../core/ids.js';
import type { History } from '../../history/port.js';
import type { StoredDraft } from '../../history/reading/read-state.js';
import type { Conversations } from '../conversations.js';
import type { ConversationLabel } from '../events.js';
import type { Chat } from '../port.js';

export interface DraftsParts {
  readonly history: Pick<History, 'saveDraft'>;
  readonly conversations: Pick<Conversations, 'find'>;
  readonly me: () => AccountId | null;
  readonly run: (work: Promise<unknown>, failure: string) => void;
  /** The drafts that the history stored before this start. */
  readonly storedDrafts: readonly StoredDraft[];
}

export function createDrafts(parts: DraftsParts): Pick<Chat, 'draftOf' | 'keepDraft'> {
  const { history, conversations, me, run } = parts;
  const texts = new Map(parts.storedDrafts.map((draft) => [keyOf(draft), draft.text]));

  function placeOf(label: ConversationLabel): Pick<StoredDraft, 'account' | 'conversation'> | null {
    const [account, conversation] = [me(), conversations.find(label)];
    return account === null || conversation === undefined ? null : { account, conversation };
  }

  return {
    draftOf(label) {
      const place = placeOf(label);
      return place === null ? '' : (texts.get(keyOf(place)) ?? '');
    },
    keepDraft(label, text) {
      const place = placeOf(label);
      if (place === null || (texts.get(keyOf(place)) ?? '') === text) return;
      if (text === '') texts.delete(keyOf(place));
      else texts.set(keyOf(place), text);
      run(history.saveDraft({ ...place, text }), 'a draft cannot be stored');
    },
  };
}

const keyOf = ({ account, conversation }: Pick<StoredDraft, 'account' | 'conversation'>): string =>
  `${account} ${conversation}`;
