// Who is in a room: there or not, leading or not, and how they are reached. Pure.
import type { KnownMember, RoomDetails } from '../model/directory-cache.js';
import { fitted } from '../paint/grapheme.js';
import { piece } from '../paint/style.js';
import { nameStyle, type Theme } from '../paint/theme.js';
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
  const standing = (member: KnownMember): string =>
    [member.admin ? 'admin' : '', member.username === room?.next ? 'would lead next' : '']
      .filter((word) => word !== '')
      .join(', ');
  return (room?.members ?? []).map((member) => {
    const isMe = member.username === username;
    const bestLink = bestLinkTo(member.username);
    const reached =
      bestLink === null
        ? 'no link'
        : `${bestLink.carrier}${bestLink.rttMs === null ? '' : ` ${tripWords(bestLink.rttMs)}`}`;
    return {
      left: [
        piece(member.online ? '● ' : '○ ', member.online ? theme.good : theme.faint),
        piece(fitted(member.username, NAME_COLUMNS), nameStyle(theme, member.username)),
        piece(standing(member), theme.overlay),
      ],
      right: isMe ? 'you' : reached,
      choose: () => choose(member.username),
    };
  });
}
