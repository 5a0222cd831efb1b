// The title of a window: the topic of its conversation, and details with the most important first. Pure.
import type { ConversationLabel } from '../../chat/events.js';
import { counted } from '../../wording/lists.js';
import type { RoomDetails } from '../model/directory-cache.js';
import type { LinkMonitor } from '../model/link-monitor.js';

const ADMINS_NAMED = 2;

export interface TitleContent {
  readonly topic: string;
  /** Shown in order, as many as fit. */
  readonly details: readonly string[];
}

/** @param room undefined until the room is loaded, and for a private conversation */
export function titleOf(
  label: ConversationLabel,
  room: RoomDetails | undefined,
  monitor: Pick<LinkMonitor, 'bestLinkTo' | 'queuedFor'>,
  username: string | null,
): TitleContent {
  if (label.startsWith('@')) return { topic: '', details: privateTitle(label.slice(1), monitor) };
  if (room === undefined) return { topic: '', details: [] };
  const { topic, isPrivate, members } = room;
  const admins = members.filter(({ isAdmin }) => isAdmin).map((one) => one.username);
  const named = `${admins.slice(0, ADMINS_NAMED).join(', ')}${admins.length > ADMINS_NAMED ? '…' : ''}`;
  const others = members.map((one) => one.username).filter((one) => one !== username);
  const details = [
    `${isPrivate ? 'private, ' : ''}${counted(members.length, 'member')}`,
    admins.length === 0 ? '' : `led by ${named}`,
    others.length === 0 ? '' : linkedTo(others, monitor),
  ];
  return { topic, details: details.filter((words) => words !== '') };
}

function privateTitle(
  partner: string,
  monitor: Pick<LinkMonitor, 'bestLinkTo' | 'queuedFor'>,
): readonly string[] {
  const bestLink = monitor.bestLinkTo(partner);
  const queued = monitor.queuedFor(partner);
  const carrier = bestLink === null ? 'no link' : `${bestLink.carrier}${tripOf(bestLink.rttMs)}`;
  return [carrier, ...(queued === 0 ? [] : [`${queued} waiting`])];
}

/** The number of linked members, the carriers, and the longest round trip: `2/3 linked, tcp 12 ms`. */
function linkedTo(others: readonly string[], monitor: Pick<LinkMonitor, 'bestLinkTo'>): string {
  const bestLinks = others.flatMap((one) => monitor.bestLinkTo(one) ?? []);
  const carriers = [...new Set(bestLinks.map(({ carrier }) => carrier))].toSorted();
  const roundTrips = bestLinks.flatMap(({ rttMs }) => rttMs ?? []);
  const trip = roundTrips.length === 0 ? '' : tripOf(Math.max(...roundTrips));
  const how = bestLinks.length === 0 ? '' : `, ${carriers.join('/')}${trip}`;
  return `${bestLinks.length}/${others.length} linked${how}`;
}

function tripOf(rttMs: number | null): string {
  return rttMs === null ? '' : ` ${tripWords(rttMs)}`;
}

/** A round trip as text, such as `<1 ms` or `12 ms`. */
export function tripWords(ms: number): string {
  return ms < 1 ? '<1 ms' : `${Math.round(ms)} ms`;
}
