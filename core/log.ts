// The structured log. It goes to standard error, or to a file while a face owns the terminal; secrets in its fields are masked.
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

const SECRET_FIELDS = ['password', 'seed', 'secret', 'token', 'jwt', 'guest', 'secretKey', 'invite'];

export interface LogOptions {
  /** pino's level names; `info` unless told. */
  readonly level?: string;
  /** A file path; standard error unless told. */
  readonly file?: string;
}

/** A logger whose secret-bearing fields are masked at the top level and one level down. */
export function createLog(options: LogOptions = {}): Log {
  const redact = { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[masked]' };
  return pino({ level: options.level ?? 'info', redact }, destination(options.file));
}

/** A logger that says nothing, for specs and libraries. */
export const silentLog: Log = pino({ level: 'silent' });

function destination(file: string | undefined): DestinationStream {
  return pino.destination(
    file === undefined ? { dest: 2, sync: true } : { dest: file, mkdir: true, sync: true },
  );
}
