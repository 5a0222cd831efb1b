// Everything a user can do, by the part that does it; whatever goes wrong in it becomes an outcome.
import type { AccountActions } from './account/actions.js';
import type { ActionGuard } from './guard.js';
import type { AttentionActions } from './notifications/actions.js';
import type { OwnPresence } from './people/own-presence.js';
import type { BlockActions } from './people/blocks.js';
import type { Contacts } from './people/contacts.js';
import type { Desk } from './peers/desk.js';
import type { Authentication } from './account/authentication.js';
import type { LinkActions } from './peers/actions.js';
import type { PeopleActions } from './people/actions.js';
import type { ChatActions } from './port.js';
import type { ReadingActions } from './archive/actions.js';
import type { RoomActions } from './rooms/actions.js';
import type { VerificationActions } from './trust/verification.js';
import type { Why } from './diagnostics/why.js';

export interface ActionsParts extends ActionGuard {
  readonly authentication: Authentication;
  readonly accountActions: AccountActions;
  readonly peopleActions: PeopleActions;
  readonly blocks: BlockActions;
  readonly contacts: Pick<Contacts, 'privacy'>;
  readonly roomActions: RoomActions;
  readonly desk: Desk;
  readonly say: ChatActions['say'];
  readonly attentionActions: AttentionActions;
  readonly ownPresence: Pick<OwnPresence, 'report'>;
  readonly reading: ReadingActions;
  readonly linkActions: LinkActions;
  readonly verification: VerificationActions;
  readonly why: Pick<Why, 'explain'>;
}

export function createActions(parts: ActionsParts): ChatActions {
  const { act, actAsMember } = parts;
  const { authentication, accountActions, peopleActions, blocks, contacts, roomActions, desk, say } = parts;
  const { attentionActions, ownPresence, reading, linkActions, verification, why } = parts;
  return {
    register: (username, password) => act(() => authentication.register(username, password)),
    login: (username, password) => act(() => authentication.login(username, password)),
    logout: () => act(() => authentication.logout()),
    rename: (username) => actAsMember(() => accountActions.rename(username)),
    changePassword: (current, next) => actAsMember(() => accountActions.changePassword(current, next)),
    devices: () => actAsMember(() => accountActions.devices()),
    revoke: (which) => actAsMember(() => accountActions.revoke(which)),
    people: () => actAsMember(() => peopleActions.people()),
    block: (username) => actAsMember(() => blocks.block(username)),
    unblock: (username) => actAsMember(() => blocks.unblock(username)),
    blocks: () => actAsMember(() => blocks.blocks()),
    privacy: (choice) => actAsMember(() => contacts.privacy(choice)),
    rooms: () => actAsMember(() => roomActions.rooms()),
    create: (room, options) => actAsMember(() => roomActions.create(room, options)),
    join: (room) => actAsMember(() => roomActions.join(room)),
    leave: (room) => actAsMember(() => roomActions.leave(room)),
    members: (room) => actAsMember(() => roomActions.members(room)),
    topic: () => actAsMember(() => roomActions.topic()),
    setTopic: (topic) => actAsMember(() => roomActions.setTopic(topic)),
    moderate: (moderation) => actAsMember(() => roomActions.moderate(moderation)),
    open: (label) => actAsMember(() => desk.open(label)),
    startPrivate: (username, choice) => actAsMember(() => peopleActions.startPrivate(username, choice)),
    say: (label, line) => actAsMember(() => say(label, line)),
    focus: (label) => actAsMember(() => attentionActions.focus(label)),
    unread: () => actAsMember(() => attentionActions.unread()),
    mute: (target, level, durationMs) => actAsMember(() => attentionActions.mute(target, level, durationMs)),
    unmute: (target) => actAsMember(() => attentionActions.unmute(target)),
    mutes: () => actAsMember(() => attentionActions.mutes()),
    setDnd: (isOn) =>
      act(async () => {
        const done = await attentionActions.setDnd(isOn);
        await ownPresence.report();
        return done;
      }),
    history: (label, count, before) => actAsMember(() => reading.history(label, count, before)),
    search: (words) => actAsMember(() => reading.search(words)),
    export: (label, file) => actAsMember(() => reading.export(label, file)),
    link: (label, choice) => actAsMember(() => linkActions.link(label, choice)),
    links: () => actAsMember(() => desk.links()),
    safetyCodes: (username) => actAsMember(() => verification.safetyCodes(username)),
    verify: (username) => actAsMember(() => verification.verify(username)),
    why: () => act(() => why.explain()),
  };
}
