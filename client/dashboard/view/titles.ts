// What the title of a window tells of its conversation, the most important first. Pure.
import type { ConversationLabel } from '../../chat/events.js';
import { counted } from '../../wording/lists.js';
import type { RoomFacts } from '../model/directory-cache.js';
import type { LinkWatch } from '../model/link-monitor.js';

const ADMINS_NAMED = 2;

export interface TitleFacts {
  readonly topic: string;
  /** Whatever there is to say: as much of it as fits is shown. */
  readonly told: readonly string[];
}

/** @param room what is known of a room; undefined until it is, and for a private conversation */
export function titleOf(
  label: ConversationLabel,
  room: RoomFacts | undefined,
  watch: Pick<LinkWatch, 'wayTo' | 'queuedFor'>,
  username: string | null,
): TitleFacts {
  if (label.startsWith('@')) return { topic: '', told: privateTitle(label.slice(1), watch) };
  if (room === undefined) return { topic: '', told: [] };
  const { topic, isPrivate, members } = room;
  const admins = members.filter(({ admin }) => admin).map((one) => one.username);
  const named = `${admins.slice(0, ADMINS_NAMED).join(', ')}${admins.length > ADMINS_NAMED ? '…' : ''}`;
  const others = members.map((one) => one.username).filter((one) => one !== username);
  const told = [
    `${isPrivate ? 'private, ' : ''}${counted(members.length, 'member')}`,
    admins.length === 0 ? '' : `led by ${named}`,
    others.length === 0 ? '' : linkedTo(others, watch),
  ];
  return { topic, told: told.filter((words) => words !== '') };
}

function privateTitle(partner: string, watch: Pick<LinkWatch, 'wayTo' | 'queuedFor'>): readonly string[] {
  const way = watch.wayTo(partner);
  const queued = watch.queuedFor(partner);
  const carrier = way === null ? 'no link' : `${way.carrier}${tripOf(way.rttMs)}`;
  return [carrier, ...(queued === 0 ? [] : [`${queued} waiting`])];
}

/** How many can be reached at once, over what, and the longest round trip: `2/3 linked, tcp 12 ms`. */
function linkedTo(others: readonly string[], watch: Pick<LinkWatch, 'wayTo'>): string {
  const ways = others.flatMap((one) => watch.wayTo(one) ?? []);
  const carriers = [...new Set(ways.map(({ carrier }) => carrier))].toSorted();
  const trips = ways.flatMap(({ rttMs }) => rttMs ?? []);
  const trip = trips.length === 0 ? '' : tripOf(Math.max(...trips));
  const how = ways.length === 0 ? '' : `, ${carriers.join('/')}${trip}`;
  return `${ways.length}/${others.length} linked${how}`;
}

function tripOf(rttMs: number | null): string {
  return rttMs === null ? '' : ` ${tripWords(rttMs)}`;
}

/** `<1 ms`, `12 ms`. */
export function tripWords(ms: number): string {
  return ms < 1 ? '<1 ms' : `${Math.round(ms)} ms`;
}
