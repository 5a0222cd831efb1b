// The two kinds of thrown errors. A user's mistake is never thrown: a refusal is a value.
import { inspect } from 'node:util';

/** A problem that the person at this machine must fix; the command line prints it and exits with 1. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';

  /**
   * @param message what happened, as one sentence
   * @param remedy what to do about it, as one sentence
   */
  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A contradiction in the program itself: a defect, never a user's mistake. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws `InvariantError` unless `condition` holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** The text of any thrown value. An error of the file system is put into words, without the path. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return fileErrorWords(thrown) ?? thrown.message;
  return typeof thrown === 'string' ? thrown : inspect(thrown);
}

/** The errors of the file system that a person at this machine can cause and correct. */
const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'another program uses it',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists already',
  EFBIG: 'the file is too large for its file system',
  EINVAL: 'the file system does not support this',
  EIO: 'the disk reports an error',
  EISDIR: 'it is a folder, not a file',
  ELOOP: 'its symbolic links form a loop',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open on this machine',
  ENOENT: 'the file or its folder does not exist',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENOTEMPTY: 'the folder is not empty',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ETXTBSY: 'the file is a program that runs',
  EXDEV: 'the two paths are on different disks',
};

/** System calls whose errors have the same codes but are not about files. */
const OTHER_CALLS = /^(?:spawn|kill|connect|bind|listen|accept|send|recv|getaddrinfo|shutdown)/;

/** The text for an error of the file system from `FILE_ERRORS`; null for an error with another code or another origin. */
function fileErrorWords(error: Error): string | null {
  if (!('code' in error) || !('syscall' in error)) return null;
  const { code, syscall } = error;
  if (typeof code !== 'string' || typeof syscall !== 'string' || OTHER_CALLS.test(syscall)) return null;
  return FILE_ERRORS[code] ?? null;
}
