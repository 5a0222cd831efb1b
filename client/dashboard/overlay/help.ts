// The help text: the present key bindings, and the commands. Pure.
import { commands } from '../../commands/table.js';
import { keyLabel } from '../../../screen/keys/label.js';
import { type Action, type Bindings, defaultBindings } from '../input/keys/bindings.js';
import { fitted } from '../../../screen/paint/grapheme.js';
import { type Row, rowOf, wrapped } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';

const GROUPS = ['conversations', 'windows', 'reading', 'writing', 'terminal'] as const;
const KEY_COLUMNS = 22;

export type HelpTopic = 'keys' | 'commands';

export function helpRows(
  bindings: Bindings,
  columns: number,
  theme: Theme,
  first: HelpTopic,
): readonly Row[] {
  const described = (Object.keys(defaultBindings) as Action[]).filter(
    (action) => defaultBindings[action].effect !== '' && bindings.keysOf(action).length > 0,
  );
  const line = (term: string, effect: string): readonly Row[] =>
    wrapped([piece(effect, theme.overlay)], Math.max(10, columns - KEY_COLUMNS - 1)).map((row, index) => [
      ...rowOf([
        piece(fitted(index === 0 ? term : '', KEY_COLUMNS), theme.heading),
        piece(' ', theme.overlay),
      ]),
      ...row,
    ]);
  const groups = GROUPS.flatMap((group): readonly Row[] => [
    rowOf([piece(group.toUpperCase(), { ...theme.overlay, isBold: true })]),
    ...described
      .filter((action) => defaultBindings[action].group === group)
      .flatMap((action) =>
        line(bindings.keysOf(action).map(keyLabel).join(', '), defaultBindings[action].effect),
      ),
    [],
  ]);
  const commandRows = commands.flatMap(({ usage, summary }): readonly Row[] =>
    usage.length <= KEY_COLUMNS
      ? line(usage, summary)
      : [rowOf([piece(usage, theme.heading)]), ...line('', summary)],
  );
  const titled = [rowOf([piece('COMMANDS', { ...theme.overlay, isBold: true })]), ...commandRows];
  return first === 'keys' ? [...groups, ...titled] : [...titled, [], ...groups];
}
