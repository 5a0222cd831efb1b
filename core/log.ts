// The structured log. It writes to standard error, or to a file while the terminal shows a face. It masks secrets
// twice: by field name, and by their form in any text.
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

const SECRET_FIELDS = [
  'password',
  'seed',
  'secret',
  'token',
  'jwt',
  'guest',
  'secretKey',
  'invite',
  'sealed',
  // The text of messages.
  'content',
  'text',
];
const MASK = '[masked]';
/** A log holds account ids and addresses. */
const OWNER_ONLY = 0o600;

/** Seeds of NATS keys, JWTs and bcrypt hashes, recognised in any text. */
const SECRET_SHAPES = /\bS[OAU][A-Z2-7]{56}\b|\beyJ[\w-]+\.[\w-]+\.[\w-]+|\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/g;

export interface LogOptions {
  /** A level name of pino; `info` by default. */
  readonly level?: string;
  /** A file path; standard error by default. */
  readonly file?: string;
}

/** A logger whose secret-bearing fields are masked at the top level and two levels down. */
export function createLog(options: LogOptions = {}): Log {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino(
    {
      level: options.level ?? 'info',
      redact: { paths, censor: MASK },
      serializers: { err: readError, error: readError },
      hooks: { streamWrite: (line) => line.replace(SECRET_SHAPES, MASK) },
    },
    destination(options.file),
  );
}

/** A logger without output, for specs and libraries. */
export const silentLog: Log = pino({ level: 'silent' });

/** Keeps only the standard fields of an error: libraries attach queries with their values. */
function readError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const { name: type, message, stack, cause } = thrown;
  return {
    type,
    message,
    stack,
    ...('code' in thrown && { code: thrown.code }),
    ...(cause !== undefined && { cause: readError(cause) }),
    ...(thrown instanceof AggregateError && { errors: thrown.errors.map(readError) }),
  };
}

function destination(file: string | undefined): DestinationStream {
  return pino.destination(
    file === undefined ? { dest: 2, sync: true } : { dest: file, mkdir: true, sync: true, mode: OWNER_ONLY },
  );
}
