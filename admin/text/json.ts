// The JSON face of a command: one object a line, in ASCII, which names its format and the version of it.

// Characters that a terminal could interpret or a person could not see. Escaping keeps the JSON equivalent.
const NOT_PLAIN = /[^\x20-\x7e]/g;

/** `format` is a name and a version, such as `show/1`. A version never loses a field; a changed field gives the next version. */
export function jsonText(format: string, value: object): string {
  const text = JSON.stringify({ format, ...value });
  return text.replace(NOT_PLAIN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
