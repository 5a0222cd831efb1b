// The themes. No other file contains colours. Whatever a colour means is also shown by a mark.
import { foldName } from '../../core/protocol/names.js';
import type { Colour, Style } from './style.js';

/** The styles of backgrounds, texts, marks and borders. */
export interface Theme {
  readonly text: Style;
  readonly faint: Style;
  readonly border: Style;
  readonly bar: Style;
  /** The title of the active window. */
  readonly activeBar: Style;
  readonly heading: Style;
  readonly selected: Style;
  readonly input: Style;
  readonly own: Style;
  readonly system: Style;
  readonly error: Style;
  readonly notice: Style;
  readonly private: Style;
  readonly notification: Style;
  readonly mention: Style;
  readonly unread: Style;
  readonly link: Style;
  readonly day: Style;
  readonly good: Style;
  readonly bad: Style;
  readonly overlay: Style;
  /** The colours of usernames. The colour of errors is not among them. */
  readonly names: readonly Colour[];
}

export type ThemeName = 'dark' | 'light' | 'high-contrast';

const dark: Theme = {
  text: {},
  faint: { fg: '#7c8594' },
  border: { fg: '#4a5262' },
  bar: { fg: '#c3cad6', bg: '#2b313d' },
  activeBar: { fg: '#ffffff', bg: '#2f5d8c', isBold: true },
  heading: { fg: '#8fa3bf', isBold: true },
  selected: { fg: '#ffffff', bg: '#2f5d8c', isBold: true },
  input: {},
  own: { fg: '#a5d6a7', isBold: true },
  system: { fg: '#7aa9dc', isItalic: true },
  error: { fg: '#ff6b6b', isBold: true },
  notice: { fg: '#949daa', isItalic: true },
  private: { fg: '#d7a6ee' },
  notification: { fg: '#ffc66d', isUnderlined: true },
  mention: { fg: '#1b1b1b', bg: '#ffc66d', isBold: true },
  unread: { fg: '#ffc66d', isBold: true },
  link: { fg: '#6cb6ff', isUnderlined: true },
  day: { fg: '#8fa3bf' },
  good: { fg: '#7ee08a' },
  bad: { fg: '#ff6b6b', isBold: true },
  overlay: { fg: '#e2e6ee', bg: '#1f2530' },
  names: ['#7ee08a', '#e6c07b', '#6cb6ff', '#d7a6ee', '#5fd7d7', '#ffab70', '#b8e986', '#f2a7c3', '#a0b4ff'],
};

const light: Theme = {
  text: {},
  faint: { fg: '#6a737d' },
  border: { fg: '#b4bcc8' },
  bar: { fg: '#24292e', bg: '#dde3ea' },
  activeBar: { fg: '#ffffff', bg: '#1f5fa8', isBold: true },
  heading: { fg: '#44556b', isBold: true },
  selected: { fg: '#ffffff', bg: '#1f5fa8', isBold: true },
  input: {},
  own: { fg: '#22702f', isBold: true },
  system: { fg: '#1f5fa8', isItalic: true },
  error: { fg: '#b31d28', isBold: true },
  notice: { fg: '#6a737d', isItalic: true },
  private: { fg: '#6f2da8' },
  notification: { fg: '#8a5a00', isUnderlined: true },
  mention: { fg: '#1b1b1b', bg: '#ffd97a', isBold: true },
  unread: { fg: '#8a5a00', isBold: true },
  link: { fg: '#0550ae', isUnderlined: true },
  day: { fg: '#44556b' },
  good: { fg: '#22702f' },
  bad: { fg: '#b31d28', isBold: true },
  overlay: { fg: '#1b1f24', bg: '#eef1f5' },
  names: ['#22702f', '#8a5a00', '#0550ae', '#6f2da8', '#00707a', '#a04100', '#4d6b00', '#9c2f66', '#3949ab'],
};

const highContrast: Theme = {
  text: { fg: '#ffffff', bg: '#000000' },
  faint: { fg: '#ffffff', bg: '#000000' },
  border: { fg: '#ffffff', bg: '#000000' },
  bar: { fg: '#000000', bg: '#ffffff' },
  activeBar: { fg: '#000000', bg: '#ffff00', isBold: true },
  heading: { fg: '#ffff00', bg: '#000000', isBold: true },
  selected: { fg: '#000000', bg: '#ffff00', isBold: true },
  input: { fg: '#ffffff', bg: '#000000' },
  own: { fg: '#00ff00', bg: '#000000', isBold: true },
  system: { fg: '#00ffff', bg: '#000000', isItalic: true },
  error: { fg: '#ff8080', bg: '#000000', isBold: true },
  notice: { fg: '#ffffff', bg: '#000000', isItalic: true },
  private: { fg: '#ff99ff', bg: '#000000' },
  notification: { fg: '#ffff00', bg: '#000000', isUnderlined: true },
  mention: { fg: '#000000', bg: '#ffff00', isBold: true },
  unread: { fg: '#ffff00', bg: '#000000', isBold: true },
  link: { fg: '#00ffff', bg: '#000000', isUnderlined: true },
  day: { fg: '#ffffff', bg: '#000000', isBold: true },
  good: { fg: '#00ff00', bg: '#000000' },
  bad: { fg: '#ff8080', bg: '#000000', isBold: true },
  overlay: { fg: '#ffffff', bg: '#000000' },
  names: ['#00ff00', '#ffff00', '#00ffff', '#ff99ff', '#ffffff'],
};

export const themes: { readonly [N in ThemeName]: Theme } = {
  dark,
  light,
  'high-contrast': highContrast,
};

/** For the name colours of each theme, the style of each colour. */
const nameStyles = new WeakMap<readonly Colour[], Map<Colour | undefined, Style>>();

/** The style of a username, which is the same on every terminal with this theme. */
export function nameStyle(theme: Theme, username: string): Style {
  let hash = 0;
  for (const character of foldName(username)) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  const fg = theme.names[hash % theme.names.length];
  const styles = nameStyles.get(theme.names) ?? new Map<Colour | undefined, Style>();
  const style = styles.get(fg) ?? { ...theme.text, ...(fg === undefined ? {} : { fg }), isBold: true };
  nameStyles.set(theme.names, styles.set(fg, style));
  return style;
}
