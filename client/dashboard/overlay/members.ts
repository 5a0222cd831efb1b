// The members of a room, with presence, role and link. Pure.
import type { ListedMember } from '../../chat/results.js';
import type { RoomDetails } from '../model/directory-cache.js';
import { fitted } from '../../../screen/paint/grapheme.js';
import { piece } from '../../../screen/paint/style.js';
import { nameStyle, type Theme } from '../../../screen/paint/theme.js';
import { tripWords } from '../view/titles.js';
import type { BestLink } from '../model/link-monitor.js';
import type { Item } from './picker.js';

const NAME_COLUMNS = 26;

export interface MembersParts {
  readonly room: RoomDetails | undefined;
  readonly username: string | null;
  readonly bestLinkTo: (username: string) => BestLink | null;
  readonly choose: (username: string) => void;
  readonly theme: Theme;
}

/** In join order. */
export function memberItems({ room, username, bestLinkTo, choose, theme }: MembersParts): readonly Item[] {
  const roleOf = (member: ListedMember): string =>
    [member.isAdmin ? 'admin' : '', member.username === room?.next ? 'next admin' : '']
      .filter((word) => word !== '')
      .join(', ');
  return (room?.members ?? []).map((member) => {
    const isMe = member.username === username;
    const bestLink = bestLinkTo(member.username);
    const link =
      bestLink === null
        ? 'no link'
        : `${bestLink.carrier}${bestLink.rttMs === null ? '' : ` ${tripWords(bestLink.rttMs)}`}`;
    return {
      left: [
        piece(member.isOnline ? '● ' : '○ ', member.isOnline ? theme.good : theme.faint),
        piece(fitted(member.username, NAME_COLUMNS), nameStyle(theme, member.username)),
        piece(roleOf(member), theme.overlay),
      ],
      right: isMe ? 'you' : link,
      choose: () => choose(member.username),
    };
  });
}
