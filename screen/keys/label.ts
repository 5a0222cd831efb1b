// The labels of keys, as people read them.

const LABELS: Readonly<Record<string, string>> = {
  pageup: 'PgUp',
  pagedown: 'PgDn',
  backspace: 'Backspace',
  delete: 'Del',
  escape: 'Esc',
  enter: 'Enter',
  tab: 'Tab',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
};

/** The label of a key: `Ctrl+R` for `C-r`. */
export function keyLabel(key: string): string {
  const [, control, alt, shift, name = ''] = /^(C-)?(M-)?(S-)?(.+)$/.exec(key) ?? [];
  const held = [control && 'Ctrl', alt && 'Alt', shift && 'Shift'].filter((word) => word !== undefined);
  const word =
    LABELS[name] ??
    (name.length === 1 ? name.toUpperCase() : name.replace(/^\w/, (one) => one.toUpperCase()));
  return [...held, word].join('+');
}
