// The events of a connection to the broker. A session acts on them, and a person reads them.
import { DebugEvents, ErrorCode, Events, type Status } from 'nats';

export type BusEvent =
  | { readonly type: 'connected' }
  /** `isAsked`: the client disconnects on request, to reconnect. Such a reconnect normally succeeds at the first attempt. */
  | { readonly type: 'disconnected'; readonly reason: string; readonly isAsked: boolean }
  | { readonly type: 'reconnecting' }
  /** The broker refused one publication or subscription; the connection stays. */
  | { readonly type: 'denied'; readonly operation: 'publish' | 'subscribe'; readonly subject: string }
  /** The JWT has expired; the next connect requests a new one. */
  | { readonly type: 'expired' }
  /** The broker does not accept the JWT: it is revoked, expired, or from another deployment. */
  | { readonly type: 'unauthorized' }
  /** The connection is closed permanently. `reason` is absent if the client closed it. */
  | { readonly type: 'closed'; readonly reason?: string };

interface Interpreted {
  readonly status?: BusEvent;
  /** The probable reason of a coming disconnect. */
  readonly cause?: string;
}

const ASKED = 'this client reconnects';

const ERRORS: ReadonlyMap<unknown, Interpreted> = new Map<unknown, Interpreted>([
  [ErrorCode.AuthenticationExpired, { status: { type: 'expired' }, cause: 'the JWT has expired' }],
  [ErrorCode.AccountExpired, { status: { type: 'expired' }, cause: "the account's JWT has expired" }],
  [
    ErrorCode.AuthorizationViolation,
    { status: { type: 'unauthorized' }, cause: 'the broker does not accept the JWT' },
  ],
  [ErrorCode.AuthenticationTimeout, { cause: 'the broker waited too long for the JWT' }],
  [ErrorCode.ProtocolError, { cause: 'the broker ended the connection' }],
]);

/** Maps the statuses of nats.js to events, in order: the reason of a disconnect is in the statuses before it. */
export function createEventReader(): (status: Status) => BusEvent | undefined {
  let cause: string | undefined;
  return (status) => {
    const reading = read(status, cause ?? 'the connection to the broker was lost');
    // The first sign is the cause. Later signs, such as a closed socket, are its effects.
    cause = reading.status?.type === 'connected' ? undefined : (cause ?? reading.cause);
    return reading.status;
  };
}

function read({ type, data, permissionContext }: Status, reason: string): Interpreted {
  switch (type) {
    case Events.Reconnect:
      return { status: { type: 'connected' } };
    case Events.Disconnect:
      return { status: { type: 'disconnected', reason, isAsked: reason === ASKED } };
    case DebugEvents.Reconnecting:
      return { status: { type: 'reconnecting' } };
    case DebugEvents.StaleConnection:
      return { cause: 'the broker no longer answers' };
    case DebugEvents.ClientInitiatedReconnect:
      return { cause: ASKED };
    case Events.LDM:
      return { cause: 'the broker is shutting down' };
    case Events.Error:
      return permissionContext ? { status: denied(permissionContext) } : (ERRORS.get(data) ?? {});
    case Events.Update:
    case DebugEvents.PingTimer:
      break;
  }
  return {};
}

function denied({ operation, subject }: NonNullable<Status['permissionContext']>): BusEvent {
  return { type: 'denied', operation: operation === 'publish' ? 'publish' : 'subscribe', subject };
}
