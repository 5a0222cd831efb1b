// The rows of the list of rooms or accounts. Pure.
import { columnsOf, fitted } from '../../../screen/paint/grapheme.js';
import { padded, type Row, rowOf } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import type { AccountLine, RoomLine, Scene } from '../reads.js';

/** The columns of the member count. */
const COUNT_COLUMNS = 5;
const MARK_COLUMNS = 2;

export function listTitle({ list }: Scene): string {
  const noun = list.kind === 'room' ? 'Rooms' : 'Accounts';
  const { first, lines, total } = list;
  return total > lines.length
    ? `${noun} ${first + 1}-${first + lines.length} of ${total}`
    : `${noun} ${total}`;
}

export function listRows({ list, subject }: Scene, columns: number, theme: Theme): readonly Row[] {
  const row = (line: RoomLine | AccountLine, right: string): Row => {
    const isSelected = line.subject.stream === subject?.stream;
    const style = isSelected ? theme.selected : theme.text;
    const room = columns - MARK_COLUMNS - columnsOf(right) - 1;
    const text = `${isSelected ? '▸ ' : '  '}${fitted(line.name, Math.max(0, room))} ${right}`;
    return padded(rowOf([piece(text, style)]), columns, style);
  };
  if (list.kind === 'room') {
    const leaderColumns = Math.floor(columns * 0.4);
    return list.lines.map((line) =>
      row(
        line,
        `${String(line.members).padStart(COUNT_COLUMNS)} ${fitted(line.leader ?? '…', leaderColumns)}`,
      ),
    );
  }
  return list.lines.map((line) => row(line, accountState(line)));
}

function accountState({ state }: AccountLine): string {
  if (state === null) return '…';
  if (state.isDisabled) return 'disabled';
  const { terminals } = state;
  return terminals === 0 ? 'logged out' : `${terminals} terminal${terminals === 1 ? '' : 's'}`;
}
