// The check whether a broker can listen on a port: it listens on the port for a moment.
import { createServer } from 'node:net';
import { messageOf, OperatorError } from '../../errors.js';
import { isFileError } from '../../files.js';

/** Null if a server can listen on the port, otherwise the system's error. Port 0 means any free port. */
export function whyNotListen(host: string, port: number): Promise<Error | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

/** Throws an `OperatorError` that names the obstacle. */
export async function requirePort(host: string, port: number): Promise<void> {
  const error = await whyNotListen(host, port);
  if (error !== null) throw portError(host, port, error);
}

export function portTaken(host: string, port: number): OperatorError {
  return new OperatorError(
    `port ${port} on ${host} is in use by another program`,
    'End that program, or choose another port: --broker-port N, or --broker-port 0 for any free port.',
  );
}

function portError(host: string, port: number, cause: Error): OperatorError {
  if (isFileError(cause, 'EADDRINUSE')) return portTaken(host, port);
  if (isFileError(cause, 'EADDRNOTAVAIL')) {
    return new OperatorError(
      `${host} is not an address of this machine`,
      'Use an address of this machine, or 0.0.0.0 for all its addresses: --broker-host ADDRESS.',
      { cause },
    );
  }
  if (isFileError(cause, 'EACCES')) {
    return new OperatorError(
      `this user may not listen on port ${port}`,
      'Choose a port of at least 1024: --broker-port N.',
      { cause },
    );
  }
  return new OperatorError(
    `port ${port} on ${host} cannot be used: ${messageOf(cause)}`,
    'Choose another address or port: --broker-host ADDRESS, --broker-port N.',
    { cause },
  );
}
