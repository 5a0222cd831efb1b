// All actions of a user, put together from the parts that carry them out.
import { type AuthenticationParts, createAuthentication } from './account/authentication.js';
import { createAccountActions } from './account/actions.js';
import { createReadingActions, type ReadingActionsParts } from './archive/actions.js';
import { createRetentionActions, type RetentionActionsParts } from './archive/retention.js';
import type { Why } from './diagnostics/why.js';
import { type ActionGuardParts, createActionGuard } from './guard.js';
import { createDrafts, type DraftsParts } from './messages/drafts.js';
import { createSend, type SendParts } from './messages/send.js';
import { type AttentionActionsParts, createAttentionActions } from './notifications/actions.js';
import { createDndAction, type DndActionParts } from './notifications/dnd.js';
import { createOpenAction, type OpenActionParts } from './open.js';
import { createLinkActions, type LinkActionsParts } from './peers/actions.js';
import { type CarrierControlParts, createCarrierControl } from './peers/carrier-control.js';
import { createPeopleActions, type PeopleActionsParts } from './people/actions.js';
import type { Blocks } from './people/blocks.js';
import type { Contacts } from './people/contacts.js';
import type { Chat, ChatActions } from './port.js';
import { createRoomActions, type RoomActionsParts } from './rooms/actions.js';
import { createRoomLog, type RoomLogParts } from './witness/room-log.js';
import { createVerification, type VerificationParts } from './trust/verification.js';

export type ActionsParts = ActionGuardParts &
  AuthenticationParts &
  ReadingActionsParts &
  RetentionActionsParts &
  SendParts &
  DraftsParts &
  AttentionActionsParts &
  DndActionParts &
  OpenActionParts &
  CarrierControlParts &
  Omit<LinkActionsParts, 'carrierControl'> &
  Omit<PeopleActionsParts, 'carrierControl'> &
  RoomActionsParts &
  RoomLogParts &
  VerificationParts & {
    readonly blocks: Pick<Blocks, 'actions'>;
    readonly contacts: Pick<Contacts, 'actions'>;
    readonly why: Pick<Why, 'explain'>;
  };

export function createActions(parts: ActionsParts): ChatActions & Pick<Chat, 'draftOf' | 'keepDraft'> {
  const { guarded, forMembers } = createActionGuard(parts);
  const carrierControl = createCarrierControl(parts);
  return {
    ...createDrafts(parts),
    ...guarded(createAuthentication(parts)),
    ...guarded(createDndAction(parts)),
    ...guarded({ why: async () => parts.why.explain() }),
    ...forMembers(createAccountActions(parts.session)),
    ...forMembers(createRoomActions(parts)),
    ...forMembers(createRoomLog(parts)),
    ...forMembers(createOpenAction(parts)),
    ...forMembers(createPeopleActions({ ...parts, carrierControl })),
    ...forMembers(parts.blocks.actions),
    ...forMembers(parts.contacts.actions),
    ...forMembers({ say: createSend(parts) }),
    ...forMembers(createReadingActions(parts)),
    ...guarded(createRetentionActions(parts)),
    ...forMembers(createAttentionActions(parts)),
    ...forMembers(createLinkActions({ ...parts, carrierControl })),
    ...forMembers(createVerification(parts)),
  };
}
