// What a store throws. Refusals of an append are values; this is the case in which nothing was decided.

/**
 * The database could not commit (disk full, I/O error, locked too long). Nothing of the job was acknowledged;
 * after a crash in that moment it may yet be found done, so a retry must carry the same command id.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
