// What titles, lists and the sidebar tell and no event does: rooms, members, topics, who is there. Asked for, and kept.
import { z } from 'zod';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { ConversationLabel } from '../../chat/events.js';
import type { Chat } from '../../chat/port.js';
import type { Person } from '../view/sidebar.js';

const name = z.string().transform(sanitiseLine);
const peopleSchema = z.object({
  people: z.array(z.object({ username: name, state: z.enum(['online', 'away', 'dnd']).catch('online') })),
});
const roomsSchema = z.object({
  rooms: z.array(
    z.object({ name, topic: name, private: z.boolean(), members: z.number(), joined: z.boolean() }),
  ),
});
const membersSchema = z.object({
  members: z.array(
    z.object({
      username: name,
      admin: z.boolean(),
      online: z.boolean(),
      joined: z.iso.datetime().transform((at) => Date.parse(at)),
    }),
  ),
  next: name.nullish(),
});

const RANKS: { readonly [S in Person['state']]: number } = { online: 0, away: 1, dnd: 1 };

export type KnownRoom = z.infer<typeof roomsSchema>['rooms'][number];
export type KnownMember = z.infer<typeof membersSchema>['members'][number];

/** What is known of a room that a window shows. */
export interface RoomDetails {
  readonly topic: string;
  readonly isPrivate: boolean;
  /** In join order. */
  readonly members: readonly KnownMember[];
  /** Who would lead next; null without anybody. */
  readonly next: string | null;
}

export class DirectoryCache {
  readonly #directory = new Map<ConversationLabel, RoomDetails>();
  #people: readonly Person[] = [];
  /** What people have told since the list was asked for, which may be older. */
  readonly #updatePresence = new Map<string, Person['state']>();
  #rooms: readonly KnownRoom[] = [];
  #isAsking = false;
  #isStale = false;

  constructor(
    private readonly chat: Chat,
    private readonly onChange: () => void,
  ) {}

  /** Who is online, those who are there first; without the user. */
  get people(): readonly Person[] {
    return this.#people;
  }

  /** Those one may know of, joined or not. */
  get rooms(): readonly KnownRoom[] {
    return this.#rooms;
  }

  /** Everybody that is known of here, once each; without the user. */
  get names(): readonly string[] {
    const members = [...this.#directory.values()].flatMap((room) =>
      room.members.map(({ username }) => username),
    );
    const people = this.#people.map(({ username }) => username);
    return [...new Set([...people, ...members])].filter((one) => one !== this.chat.username);
  }

  of(label: ConversationLabel): RoomDetails | undefined {
    return this.#directory.get(label);
  }

  /** Asks anew about people and the rooms shown; what is asked meanwhile is asked once more at the end. */
  refresh(shown: readonly ConversationLabel[]): void {
    if (this.chat.username === null) this.#forget();
    if (this.chat.session.state !== 'online') return;
    this.#isStale = true;
    if (!this.#isAsking) void this.#ask(shown);
  }

  /** Somebody tells how it is with them. Nothing is asked for that: they might tell without end. */
  updatePresence(username: string, state: Person['state']): void {
    const them = sanitiseLine(username);
    if (this.#isAsking) this.#updatePresence.set(them, state);
    if (!this.#people.some((person) => person.username === them)) return;
    this.#people = inOrder(
      this.#people.map((person) => (person.username === them ? { ...person, state } : person)),
    );
    this.onChange();
  }

  async #ask(shown: readonly ConversationLabel[]): Promise<void> {
    this.#isAsking = true;
    while (this.#isStale && this.chat.session.state === 'online') {
      this.#isStale = false;
      this.#updatePresence.clear();
      const people = peopleSchema.safeParse((await this.chat.people()).data);
      if (people.success) this.#take(people.data.people);
      const rooms = roomsSchema.safeParse((await this.chat.rooms()).data);
      if (rooms.success) this.#rooms = rooms.data.rooms;
      for (const label of new Set(shown)) {
        // What was left meanwhile is not asked about: that would be a refusal to be explained.
        if (label.startsWith('#') && this.chat.conversations.includes(label)) await this.#askRoom(label);
      }
      this.onChange();
    }
    this.#isAsking = false;
  }

  /** Nobody is logged in any more: nothing is known. */
  #forget(): void {
    this.#directory.clear();
    [this.#people, this.#rooms] = [[], []];
  }

  #take(people: z.infer<typeof peopleSchema>['people']): void {
    const others = people.filter(({ username }) => username !== this.chat.username);
    this.#people = inOrder(
      others.map((person) => ({
        ...person,
        state: this.#updatePresence.get(person.username) ?? person.state,
      })),
    );
  }

  async #askRoom(label: ConversationLabel): Promise<void> {
    const updatePresence = membersSchema.safeParse((await this.chat.members(label.slice(1))).data);
    if (!updatePresence.success) return;
    const room = this.#rooms.find((one) => `#${one.name}` === label);
    const { members, next = null } = updatePresence.data;
    this.#directory.set(label, {
      topic: room?.topic ?? '',
      isPrivate: room?.private ?? false,
      members,
      next,
    });
  }
}

function inOrder(people: readonly Person[]): readonly Person[] {
  return people.toSorted(
    (one, other) => RANKS[one.state] - RANKS[other.state] || (one.username < other.username ? -1 : 1),
  );
}
