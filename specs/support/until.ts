// Waiting in specs: for a condition, with a deadline, never for luck.

/** Resolves with the first truthy result of `probe`; fails, naming `what`, after `deadlineMs`. */
export async function until<T>(
  probe: () => T | Promise<T>,
  what: string,
  deadlineMs = 10_000,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const result = await probe();
    if (result) return result as NonNullable<Exclude<T, false>>;
    if (Date.now() > end) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
