// What titles and the sidebar tell and no event does: members, topics, carriers, who is online. Asked for, and kept.
import { z } from 'zod';
import { sanitiseLine } from '../../core/protocol/sanitise.js';
import type { ConversationLabel } from '../chat/events.js';
import type { Chat } from '../chat/port.js';
import { counted } from '../words/lists.js';
import type { Facts } from './view/bars.js';
import type { Person } from './view/sidebar.js';

const name = z.string().transform(sanitiseLine);
const peopleSchema = z.object({ people: z.array(z.object({ username: name, state: z.string() })) });
const roomsSchema = z.object({ rooms: z.array(z.object({ name, topic: name, private: z.boolean() })) });
const membersSchema = z.object({
  members: z.array(z.object({ username: name, admin: z.boolean(), online: z.boolean() })),
});
const linksSchema = z.object({
  links: z.array(
    z.object({ peer: name, link: z.string().nullable(), rttMs: z.number().nullish(), queued: z.number() }),
  ),
});

export class KnownFacts {
  readonly #facts = new Map<ConversationLabel, Facts>();
  #people: readonly Person[] = [];
  #isAsking = false;
  #isStale = false;

  constructor(
    private readonly chat: Chat,
    private readonly onChange: () => void,
  ) {}

  /** Online first, each by name; without the user. */
  get people(): readonly Person[] {
    return this.#people;
  }

  of(label: ConversationLabel): Facts | undefined {
    return this.#facts.get(label);
  }

  /** Asks anew about people and the conversations shown; what is asked meanwhile is asked once more at the end. */
  refresh(shown: readonly ConversationLabel[]): void {
    if (this.chat.session.state !== 'online') return;
    this.#isStale = true;
    if (!this.#isAsking) void this.#ask(shown);
  }

  async #ask(shown: readonly ConversationLabel[]): Promise<void> {
    this.#isAsking = true;
    while (this.#isStale && this.chat.session.state === 'online') {
      this.#isStale = false;
      const people = peopleSchema.safeParse((await this.chat.people()).data);
      if (people.success) this.#take(people.data.people);
      const rooms = roomsSchema.safeParse((await this.chat.rooms()).data);
      for (const label of shown) {
        const room = rooms.data?.rooms.find((one) => `#${one.name}` === label);
        if (label.startsWith('#')) await this.#askRoom(label, room?.topic ?? '', room?.private ?? false);
        else await this.#askLink(label);
      }
      this.onChange();
    }
    this.#isAsking = false;
  }

  #take(people: z.infer<typeof peopleSchema>['people']): void {
    this.#people = people
      .filter(({ username }) => username !== this.chat.username)
      .map(({ username, state }) => ({ username, isOnline: state === 'online' }))
      .sort(
        (one, other) =>
          Number(other.isOnline) - Number(one.isOnline) || (one.username < other.username ? -1 : 1),
      );
  }

  async #askRoom(label: ConversationLabel, topic: string, isPrivate: boolean): Promise<void> {
    const told = membersSchema.safeParse((await this.chat.members(label.slice(1))).data);
    if (!told.success) return;
    const { members } = told.data;
    const admins = members.filter(({ admin }) => admin).map(({ username }) => username);
    const led =
      admins.length === 0 ? '' : ` · led by ${admins.slice(0, 2).join(', ')}${admins.length > 2 ? '…' : ''}`;
    const summary = `${isPrivate ? 'private · ' : ''}${counted(members.length, 'member')}${led}`;
    this.#facts.set(label, { topic, summary });
  }

  async #askLink(label: ConversationLabel): Promise<void> {
    const told = linksSchema.safeParse((await this.chat.links()).data);
    const link = told.data?.links.find(({ peer }) => `@${peer}` === label);
    const trip = typeof link?.rttMs === 'number' ? ` ${Math.max(1, Math.round(link.rttMs))} ms` : '';
    const waiting = link === undefined || link.queued === 0 ? '' : ` · ${link.queued} waiting`;
    const carrier = link?.link === null || link === undefined ? 'no link' : `${link.link}${trip}`;
    this.#facts.set(label, { topic: '', summary: `${carrier}${waiting}` });
  }
}
