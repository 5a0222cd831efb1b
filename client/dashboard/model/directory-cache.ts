// The cache of rooms, members, topics and people that titles, lists and the sidebar show. Events do not contain these lists, so
// the lists are requested from the tracker.
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { PresenceState } from '../../../core/protocol/operations.js';
import type { ConversationLabel } from '../../chat/events.js';
import type { Chat } from '../../chat/port.js';
import type { ListedMember, ListedPerson, ListedRoom } from '../../chat/results.js';

export type Person = Pick<ListedPerson, 'username' | 'state'>;

const RANKS: { readonly [S in PresenceState]: number } = { online: 0, away: 1, dnd: 1 };

/** A presence in an event; `offline` removes the person from the list. */
type Presence = PresenceState | 'offline';

/** A room that a window shows. */
export interface RoomDetails {
  readonly topic: string;
  readonly isPrivate: boolean;
  /** In join order. */
  readonly members: readonly ListedMember[];
  /** The member who would become admin next; null if no member would. */
  readonly next: string | null;
}

export class DirectoryCache {
  readonly #details = new Map<ConversationLabel, RoomDetails>();
  #people: readonly Person[] = [];
  /** Presences reported since the last request for `people`. They replace those in its answer, which may be older. */
  readonly #reported = new Map<string, Presence>();
  #rooms: readonly ListedRoom[] = [];
  #isRequesting = false;
  #isStale = false;

  constructor(
    private readonly chat: Chat,
    private readonly onChange: () => void,
  ) {}

  /** The other people who are online. Those who are neither away nor in do-not-disturb come first. */
  get people(): readonly Person[] {
    return this.#people;
  }

  /** The rooms visible to the user, joined or not. */
  get rooms(): readonly ListedRoom[] {
    return this.#rooms;
  }

  /** The names of all people in the cached lists, without the user. */
  get names(): readonly string[] {
    const members = [...this.#details.values()].flatMap((room) =>
      room.members.map(({ username }) => username),
    );
    const people = this.#people.map(({ username }) => username);
    return [...new Set([...people, ...members])].filter((one) => one !== this.chat.username);
  }

  room(label: ConversationLabel): RoomDetails | undefined {
    return this.#details.get(label);
  }

  /** Requests people, rooms, and the members of the rooms shown. A call during a request causes one more request after it. */
  refresh(shown: readonly ConversationLabel[]): void {
    if (this.chat.username === null) this.#clear();
    if (this.chat.session.state !== 'online') return;
    this.#isStale = true;
    if (!this.#isRequesting) void this.#request(shown);
  }

  /** Records a person's presence. This makes no request, because people may change their presence very often. */
  updatePresence(username: string, state: Presence): void {
    const name = sanitiseLine(username);
    if (this.#isRequesting) this.#reported.set(name, state);
    if (!this.#people.some((person) => person.username === name)) return;
    this.#people = inOrder(
      this.#people.flatMap((person) => (person.username === name ? inState(person, state) : person)),
    );
    this.onChange();
  }

  async #request(shown: readonly ConversationLabel[]): Promise<void> {
    this.#isRequesting = true;
    while (this.#isStale && this.chat.session.state === 'online') {
      this.#isStale = false;
      this.#reported.clear();
      const people = await this.chat.people();
      if (people.isOk) this.#take(people.data.people);
      const rooms = await this.chat.rooms();
      if (rooms.isOk) this.#rooms = rooms.data.rooms;
      for (const label of new Set(shown)) {
        // Skip a room that the user has left meanwhile: the tracker would refuse the request, and `/why` would then explain this
        // refusal.
        if (label.startsWith('#') && this.chat.conversations.includes(label)) await this.#requestRoom(label);
      }
      this.onChange();
    }
    this.#isRequesting = false;
  }

  #clear(): void {
    this.#details.clear();
    [this.#people, this.#rooms] = [[], []];
  }

  #take(people: readonly ListedPerson[]): void {
    const others = people.filter(({ username }) => username !== this.chat.username);
    this.#people = inOrder(
      others.flatMap(({ username, state }) =>
        inState({ username, state }, this.#reported.get(username) ?? state),
      ),
    );
  }

  async #requestRoom(label: ConversationLabel): Promise<void> {
    const answer = await this.chat.members(label.slice(1));
    if (!answer.isOk) return;
    const room = this.#rooms.find((one) => `#${one.name}` === label);
    const { members, nextLeader } = answer.data;
    this.#details.set(label, {
      topic: room?.topic ?? '',
      isPrivate: room?.isPrivate ?? false,
      members,
      next: nextLeader,
    });
  }
}

/** A list with the person in this state; empty for `offline`. */
const inState = (person: Person, state: Presence): readonly Person[] =>
  state === 'offline' ? [] : [{ ...person, state }];

function inOrder(people: readonly Person[]): readonly Person[] {
  return people.toSorted(
    (one, other) => RANKS[one.state] - RANKS[other.state] || (one.username < other.username ? -1 : 1),
  );
}
