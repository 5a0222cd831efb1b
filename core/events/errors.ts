// The error that a store throws if the database could not commit. A refused append returns a value instead.

/**
 * The database could not commit (disk full, I/O error, locked too long). Nothing of the job was acknowledged. After a
 * crash at that moment the job may still have taken effect, so a retry must use the same command id.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
