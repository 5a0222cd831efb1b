// The tracker's two endpoints on the bus: authentication for guests and commands for devices. They turn bytes into requests
// and answers into bytes. Every message gets an answer.
import { type Clock, monotonicNow } from '../core/time/clock.js';
import type { Bus } from '../core/bus/bus.js';
import { serveEndpoint } from '../core/bus/endpoint.js';
import {
  ALL_AUTH,
  ALL_COMMANDS,
  type AuthOperation,
  type CommandTopic,
  deviceInbox,
  isServiceReply,
  isWithinInbox,
  parseAuthSubject,
  parseCommandSubject,
} from '../core/bus/subjects.js';
import { StoreUnavailableError } from '../core/events/errors.js';
import { UnreadableStreamError } from '../core/events/unhandled.js';
import { type DeviceId, deviceIdSchema } from '../core/ids.js';
import type { Log } from '../core/log.js';
import { type Metrics, silentMetrics } from '../core/metrics.js';
import {
  type Answer,
  familyOf,
  parseRequest,
  type Request,
  type Response,
  respond,
  type Title,
} from '../core/protocol/envelope.js';
import { addressesOf } from '../core/protocol/hop.js';
import { parseJson } from '../core/protocol/signed/signed.js';
import type { Family } from '../core/protocol/status.js';
import type { Buckets } from './admission/buckets.js';
import { waitingTime } from '../core/time/duration.js';
import { weightOf } from './admission/weights.js';
import type { Caller } from './caller.js';
import type { Authentication } from './handlers/authentication.js';
import type { Handler } from './handlers/handler.js';
import { operationOf } from './metrics/operation.js';
import type { Directory } from './projections/directory.js';
import { createSharedWork } from './shared-work.js';

export interface EndpointParts {
  readonly bus: Bus;
  /** The bus for guests; devices use `bus`. */
  readonly guestBus: Bus;
  /** Every answer contains the time of this clock; terminals correct their own clocks by it. */
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: Metrics;
  readonly directory: Directory;
  /** The request rate limit of each device. */
  readonly requests: Buckets<DeviceId>;
  readonly authentication: Authentication;
  readonly handlers: {
    readonly account: Handler<1>;
    readonly rooms: Handler<2>;
    readonly sync: Handler<2>;
    readonly people: Handler<3>;
    readonly private: Handler<3>;
  };
}

export interface Endpoints {
  /** Stops accepting requests. Resolves when the running ones are answered. */
  stop(): Promise<void>;
}

/** Requests that run at once at each endpoint. */
const CONCURRENCY = 1_000;
/** A full endpoint clears in about this time. */
const FULL_RETRY_MS = 500;
const QUEUE = 'tracker';

const authTitles = { register: 'Registration', login: 'Login', renew: 'Renewal' } as const satisfies Record<
  AuthOperation,
  Title
>;
const commandTitles = {
  account: 'Account',
  people: 'People',
  chatroom: 'ChatRoom',
  private: 'PRIVATE',
  sync: 'Sync',
} as const satisfies Record<CommandTopic, Title>;

export function serveEndpoints(parts: EndpointParts): Endpoints {
  const {
    bus,
    guestBus,
    clock,
    log,
    metrics = silentMetrics,
    directory,
    requests,
    authentication,
    handlers,
  } = parts;
  const common = { queue: QUEUE, concurrency: CONCURRENCY, log };
  const shared = createSharedWork<Uint8Array>();
  const guestRefusals = refusals(guestBus, 1, metrics);
  const auth = serveEndpoint(guestBus, {
    ...common,
    ...guestRefusals,
    subject: ALL_AUTH,
    isReplyAllowed: (_, reply) => isServiceReply(reply),
    handle: (tokens, data) => {
      const subject = tokens.join('.');
      const address = parseAuthSubject(subject);
      // A guest sends the same request again after some seconds, perhaps from another address. These repetitions share one
      // password hash.
      return shared(
        `${subject} ${contentOf(data)}`,
        () =>
          answer(guestBus, data, 1, address && authTitles[address.operation], (request) =>
            address === undefined
              ? unknown
              : (tooFast(address.device, request) ??
                authenticate(address.operation, address.device, request)),
          ),
        () => guestRefusals.busy(tokens, data),
      );
    },
  });
  const commands = serveEndpoint(bus, {
    ...common,
    ...refusals(bus, 5, metrics),
    subject: ALL_COMMANDS,
    // The broker lets a device publish only under its own name, so the subject proves the sender.
    isReplyAllowed: ([, , , device], reply) => {
      const sender = deviceIdSchema.safeParse(device);
      return sender.success && isWithinInbox(reply, deviceInbox(sender.data));
    },
    handle: (tokens, data) => {
      const address = parseCommandSubject(tokens.join('.'));
      const title = address && commandTitles[address.topic];
      return answer(bus, data, title === undefined ? 5 : familyOf(title), title, async (request) => {
        if (address === undefined) return unknown;
        const refusal = tooFast(address.device, request);
        if (refusal !== null) return refusal;
        // Credentials stay valid after the enrolment ends, for up to their lifetime.
        if ((await directory.ownerOf(address.device)) !== address.account) return { phrase: 'NOT_ENROLLED' };
        return dispatch(address.topic, address, request);
      });
    },
  });
  return {
    stop: async () => void (await Promise.all([auth.stop(), commands.stop()])),
  };

  /** The answer to a device over its rate limit; null if it is within the limit. */
  function tooFast(device: DeviceId, request: Request) {
    const retryAfterMs = requests.take(device, weightOf(request));
    if (retryAfterMs === 0) return null;
    const message = `This terminal sends too many requests. Try again in ${waitingTime(retryAfterMs)}.`;
    return { phrase: 'BUSY', message, data: { retryAfterMs } } as const;
  }

  async function authenticate(
    operation: AuthOperation,
    device: DeviceId,
    request: Request,
  ): Promise<Answer<1>> {
    switch (operation) {
      case 'register':
        return authentication.register(device, request);
      case 'login':
        return authentication.login(device, request);
      case 'renew':
        return authentication.renew(device);
    }
  }

  async function dispatch(topic: CommandTopic, caller: Caller, request: Request): Promise<Answer> {
    switch (topic) {
      case 'account':
        return handlers.account(caller, request);
      case 'chatroom':
        return handlers.rooms(caller, request);
      case 'people':
        return handlers.people(caller, request);
      case 'private':
        return handlers.private(caller, request);
      case 'sync':
        return handlers.sync(caller, request);
    }
  }

  async function answer<F extends Family>(
    over: Bus,
    data: Uint8Array,
    family: F,
    title: Title | undefined,
    handle: (request: Request) => Answer<F> | Promise<Answer<F>>,
  ): Promise<Uint8Array> {
    const arrivedMs = monotonicNow();
    const parsed = parseRequest(decode(data));
    const response = await responseTo(parsed, family, title, handle);
    metrics.answered({
      ...labelsOf(parsed),
      phrase: response.phrase,
      durationMs: monotonicNow() - arrivedMs,
    });
    return encode({ ...response, at: clock.now() }, over);
  }

  async function responseTo<F extends Family>(
    parsed: ReturnType<typeof parseRequest>,
    family: F,
    title: Title | undefined,
    handle: (request: Request) => Answer<F> | Promise<Answer<F>>,
  ): Promise<Response> {
    if ('unreadable' in parsed) {
      const { unreadable } = parsed;
      return respond<Family>(unreadable, family, unreadable);
    }
    const { request } = parsed;
    if (request.title !== title) {
      const message = `This subject does not accept requests with the title ${request.title}.`;
      return respond<Family>(request, family, { phrase: 'INVALID_COMMAND', message });
    }
    try {
      return respond(request, family, await handle(request));
    } catch (thrown) {
      const { title: requestTitle, id } = request;
      if (thrown instanceof UnreadableStreamError) {
        log.error(
          {
            err: thrown,
            title: requestTitle,
            id,
            remedy: 'Run `partyline admin verify`, which names the event and its remedy.',
          },
          'a request was refused',
        );
        return respond<Family>(request, family, { phrase: 'HISTORY_UNREADABLE' });
      }
      log.error({ err: thrown, title: requestTitle, id }, 'a request failed');
      const isUnavailable = thrown instanceof StoreUnavailableError;
      return respond<Family>(request, family, { phrase: isUnavailable ? 'UNAVAILABLE' : 'INTERNAL' });
    }
  }
}

const unknown = { phrase: 'INVALID_COMMAND', message: 'This subject does not exist.' } as const;

/** Answers for requests that are refused unread. They echo as much of the request as can be parsed. */
function refusals(over: Bus, family: Family, metrics: Metrics) {
  const refuse = (answer: Answer<5>) => (_: readonly string[], data: Uint8Array) => {
    const parsed = parseRequest(decode(data));
    const request = 'request' in parsed ? parsed.request : parsed.unreadable;
    const response = respond<Family>(request, family, answer);
    metrics.answered({ ...labelsOf(parsed), phrase: response.phrase, durationMs: 0 });
    return encode(response, over);
  };
  return {
    busy: refuse({ phrase: 'BUSY', data: { retryAfterMs: FULL_RETRY_MS } }),
    failed: refuse({ phrase: 'INTERNAL' }),
  };
}

/** The labels of a request for the metrics. */
function labelsOf(parsed: ReturnType<typeof parseRequest>): { title: string; operation: string } {
  if (!('request' in parsed)) return { title: 'unknown', operation: '' };
  const { title, data } = parsed.request;
  return { title, operation: operationOf(title, data) };
}

/** The part of a request that stays the same when it is sent again over another connection. */
function contentOf(data: Uint8Array): string {
  const parsed = parseRequest(decode(data));
  if (!('request' in parsed)) return Buffer.from(data).toString('base64');
  const { id, title, data: content } = parsed.request;
  return JSON.stringify([id, title, content]);
}

const decode = (data: Uint8Array): unknown => parseJson(new TextDecoder().decode(data));
/** An answer contains both addresses of the tracker's own connection to the broker, never those of another client. */
const encode = (response: Response, { ends }: Bus): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ ...response, ...addressesOf(ends) }));
