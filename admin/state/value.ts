// The state of a machine as text.

/** `open.attended` for nested states. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return Object.entries(value ?? {})
    .map(([parent, child]) => `${parent}.${valueText(child)}`)
    .join(' ');
}
