// The JSON output of a command: one object per line, in ASCII. Each object names its format and the version of the format.

// Characters that a terminal could interpret or a person could not see. They are escaped; the JSON stays equivalent.
const NOT_PLAIN = /[^\x20-\x7e]/g;

/**
 * `format` is a name and a version, such as `show/1`. A version never loses a field; a change of a field's meaning makes a new
 * version.
 */
export function jsonText(format: string, value: object): string {
  const text = JSON.stringify({ format, ...value });
  return text.replace(NOT_PLAIN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
