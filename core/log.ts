// The structured log. It goes to standard error, or to a file while a face owns the terminal. Secrets are masked twice: by the
// names of fields, and by their looks wherever they stand.
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
  // What people say.
  'content',
  'text',
];
const MASK = '[masked]';

/** Seeds of NATS keys, JWTs, bcrypt hashes: recognised in any text, a message or an address included. */
const SECRET_SHAPES = /\bS[OAU][A-Z2-7]{56}\b|\beyJ[\w-]+\.[\w-]+\.[\w-]+|\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/g;

export interface LogOptions {
  /** pino's level names; `info` unless told. */
  readonly level?: string;
  /** A file path; standard error unless told. */
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

/** A logger that says nothing, for specs and libraries. */
export const silentLog: Log = pino({ level: 'silent' });

/** Of an error only what every error has: libraries hang queries with their values on theirs. */
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
    file === undefined ? { dest: 2, sync: true } : { dest: file, mkdir: true, sync: true },
  );
}
