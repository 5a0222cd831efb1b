// Who is in a room: there or not, leading or not, and how they are reached. Pure.
import type { KnownMember, RoomFacts } from '../model/directory-cache.js';
import { fitted } from '../paint/grapheme.js';
import { piece } from '../paint/style.js';
import { nameStyle, type Theme } from '../paint/theme.js';
import { tripWords } from '../view/titles.js';
import type { Way } from '../model/link-monitor.js';
import type { Item } from './picker.js';

const NAME_COLUMNS = 26;

export interface MembersParts {
  readonly room: RoomFacts | undefined;
  readonly username: string | null;
  readonly wayTo: (username: string) => Way | null;
  readonly choose: (username: string) => void;
  readonly theme: Theme;
}

/** In join order. */
export function memberItems({ room, username, wayTo, choose, theme }: MembersParts): readonly Item[] {
  const standing = (member: KnownMember): string =>
    [member.admin ? 'admin' : '', member.username === room?.next ? 'would lead next' : '']
      .filter((word) => word !== '')
      .join(', ');
  return (room?.members ?? []).map((member) => {
    const isMe = member.username === username;
    const way = wayTo(member.username);
    const reached =
      way === null ? 'no link' : `${way.carrier}${way.rttMs === null ? '' : ` ${tripWords(way.rttMs)}`}`;
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
