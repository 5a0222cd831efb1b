// The HTTP server for metrics, health and readiness, on its own port. It is read-only and does not define any metric.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf, OperatorError } from '../../core/errors.js';
import { isFileError } from '../../core/files.js';
import type { Log } from '../../core/log.js';
import { createMetrics, type Metrics, silentMetrics } from '../../core/metrics.js';
import { type Check, judge, type Readiness } from './readiness.js';

export interface MonitorOptions {
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
}

export interface Monitor {
  readonly metrics: Metrics;
  /** The base address, such as `http://127.0.0.1:9464`; null if nothing is served. */
  readonly url: string | null;
  /** Lets these checks decide the readiness until the function returned is called. */
  readyWhen(checks: Readonly<Record<string, Check>>): () => void;
  close(): Promise<void>;
}

/** A monitor that serves nothing. */
export const silentMonitor: Monitor = {
  metrics: silentMetrics,
  url: null,
  readyWhen: () => () => undefined,
  close: async () => undefined,
};

const MAX_CONNECTIONS = 64;
const REQUEST_TIMEOUT_MS = 5_000;
const NOT_SERVING: Readiness = { ready: false, checks: { tracker: 'it is starting or stopping' } };

/** Serves `/metrics`, `/healthz` and `/readyz`. Throws an `OperatorError` if it cannot listen at this address. */
export async function openMonitor({ host, port }: MonitorOptions, log: Log): Promise<Monitor> {
  const metrics = createMetrics();
  let checks: Readonly<Record<string, Check>> | null = null;

  async function answer(path: string, response: ServerResponse): Promise<void> {
    switch (path) {
      case '/metrics':
        return send(response, 200, metrics.contentType, await metrics.text());
      case '/healthz':
        return sendJson(response, 200, { alive: true });
      case '/readyz': {
        const readiness = checks === null ? NOT_SERVING : await judge(checks);
        return sendJson(response, readiness.ready ? 200 : 503, readiness);
      }
      default:
        return sendJson(response, 404, { error: 'Use /metrics, /healthz or /readyz.' });
    }
  }

  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    const path = pathOf(request);
    if (path === null) return sendJson(response, 405, { error: 'Use GET.' });
    answer(path, response).catch((thrown: unknown) => {
      log.error({ err: thrown, path }, 'a request to the metrics server failed');
      sendJson(response, 500, { error: 'See the log of the tracker.' });
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  const url = await listen(server, host, port);
  log.info({ url }, 'metrics, health and readiness are served');

  return {
    metrics,
    url,
    readyWhen(given) {
      checks = given;
      return () => {
        checks = null;
      };
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function pathOf({ method, url = '' }: IncomingMessage): string | null {
  if (method !== 'GET' && method !== 'HEAD') return null;
  return url.split('?', 1)[0] ?? '';
}

function send(response: ServerResponse, code: number, type: string, body: string): void {
  response.writeHead(code, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

const sendJson = (response: ServerResponse, code: number, body: object): void =>
  send(response, code, 'application/json', `${JSON.stringify(body)}\n`);

async function listen(server: Server, host: string, port: number): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    const isTaken = isFileError(cause, 'EADDRINUSE');
    throw new OperatorError(
      `metrics cannot be served at port ${port} on ${host}: ${isTaken ? 'another program uses it' : messageOf(cause)}`,
      'Stop the program that uses the port, choose another with --metrics-port N, or omit the option for no metrics.',
      { cause },
    );
  }
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}
