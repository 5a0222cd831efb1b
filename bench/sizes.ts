// The sizes of the measurements: small by default, so that all of them take a few minutes.

/** The whole number in the environment variable `name`, or `usual`. */
export function sizeOf(name: string, usual: number): number {
  const text = process.env[name] ?? String(usual);
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1)
    throw new Error(`${name} must be a whole number above 0, not ${text}`);
  return size;
}
