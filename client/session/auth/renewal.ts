// The renewal of a device's credentials: early over the device's own connection, or as a guest when the old credentials have expired.
import type { LimitFunction } from 'p-limit';
import type { Bus } from '../../../core/bus/bus.js';
import { authSubject, commandSubject } from '../../../core/bus/subjects.js';
import { commandIdSchema, type Ids } from '../../../core/ids.js';
import { makeRequest, type Response } from '../../../core/protocol/envelope.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Enrolment } from '../../profile/record.js';
import { attemptOnce, exchange, reasonOf } from '../requests/exchange.js';
import type { ConnectionGate } from '../connection/gate.js';
import { learnTime, readGrant } from './grant.js';
import type { IdentityStore } from './identity-store.js';
import type { Expulsion } from '../port.js';
import type { Tools } from '../tools.js';

/** The outcome of a renewal. `unrenewed` has the reason, a sentence for the user. */
export type Renewal =
  | { readonly outcome: 'renewed' }
  | ({ readonly outcome: 'forgotten' } & Expulsion)
  | { readonly outcome: 'unrenewed'; readonly reason: string };

const ATTEMPT_MS = 5_000;
const EARLY_TIMEOUT_MS = 15_000;
const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
const MAX_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * Whether the credentials are valid for at least another minute, or for another tenth of their life if their life is short. This
 * suffices for a connection attempt.
 */
export function isFresh({ grantedAt, expiresAt }: Enrolment, nowMs: number): boolean {
  const marginMs = Math.min(60_000, (expiresAt - grantedAt) / 10);
  return nowMs < expiresAt - marginMs;
}

/** Makes one attempt to renew the credentials over a guest connection. */
export async function renewAsGuest(bus: Bus, identityStore: IdentityStore, tools: Tools): Promise<Renewal> {
  const request = makeRequest({ id: newId(tools.ids), title: 'Renewal', data: {} });
  const subject = authSubject(identityStore.device, 'renew');
  const attempt = await attemptOnce(bus, { subject, request, attemptMs: ATTEMPT_MS }, tools);
  if ('failure' in attempt) return { outcome: 'unrenewed', reason: reasonOf(attempt.failure) };
  if ('unanswered' in attempt) return { outcome: 'unrenewed', reason: attempt.unanswered };
  return settle(attempt.response, identityStore, tools);
}

export interface EarlyParts {
  readonly bus: Bus;
  readonly gate: ConnectionGate;
  readonly identityStore: IdentityStore;
  readonly loginQueue: LimitFunction;
  readonly tools: Tools;
  /** Called when the tracker no longer knows this device. */
  readonly onForgotten: (expulsion: Expulsion) => Promise<void>;
  /** Called after a reconnection. Messages that the tracker pushed during the reconnection may be lost. */
  readonly onRenewed: () => void;
}

/**
 * Renews the credentials each time after about three quarters of their life. Each renewal runs alone in `loginQueue` and is
 * followed by a reconnection. Returns a function that ends the renewals.
 */
export function renewEarly(parts: EarlyParts): () => void {
  const { bus, gate, identityStore, loginQueue, tools, onForgotten, onRenewed } = parts;
  const { clock, schedule, random, log } = tools;
  let isEnded = false;
  let cancel = plan(dueInMs());

  function dueInMs(): number {
    const { enrolment } = identityStore;
    if (enrolment === null) return MAX_WAIT_MS;
    const { grantedAt, expiresAt } = enrolment;
    const share = 0.7 + random() / 10;
    const lifeMs = (expiresAt - grantedAt) * share;
    // If the machine's clock was set back after the grant, the renewal must still not be delayed beyond the life of the
    // credentials.
    return Math.min(Math.max(0, grantedAt + lifeMs - clock.now()), lifeMs);
  }

  function retryInMs(): number {
    const leftMs = (identityStore.enrolment?.expiresAt ?? 0) - clock.now();
    return Math.min(Math.max(leftMs / 4, MIN_RETRY_MS), MAX_RETRY_MS);
  }

  function plan(delayMs: number): () => void {
    return schedule(Math.min(delayMs, MAX_WAIT_MS), () => {
      loginQueue(renew).catch((error: unknown) => log.error({ err: error }, 'early renewal failed'));
    });
  }

  async function renew(): Promise<void> {
    if (isEnded || identityStore.enrolment === null) return;
    const renewal = await ask(identityStore.enrolment);
    if (isEnded) return;
    switch (renewal.outcome) {
      case 'renewed':
        cancel = plan(dueInMs());
        // Do not wait for the reconnection, because it takes long if the broker is not reachable.
        void reconnect();
        return;
      case 'forgotten':
        return onForgotten(renewal);
      case 'unrenewed':
        log.warn({ reason: renewal.reason }, 'credentials not renewed yet');
        cancel = plan(retryInMs());
    }
  }

  async function ask({ account }: Enrolment): Promise<Renewal> {
    const request = makeRequest({ id: newId(tools.ids), title: 'Account', data: { operation: 'RENEW' } });
    const subject = commandSubject(account, identityStore.device, 'account');
    const retriedRequest = {
      role: 'device',
      subject,
      request,
      attemptMs: ATTEMPT_MS,
      timeoutMs: EARLY_TIMEOUT_MS,
    } as const;
    const answer = await exchange(gate, retriedRequest, tools);
    if ('unanswered' in answer) return { outcome: 'unrenewed', reason: answer.unanswered };
    return settle(answer.response, identityStore, tools);
  }

  async function reconnect(): Promise<void> {
    try {
      await bus.reconnect();
    } catch (error) {
      // The bus reconnects by itself and reports its status.
      return log.warn({ err: error }, 'reconnection with renewed credentials failed');
    }
    if (!isEnded) onRenewed();
  }

  return () => {
    isEnded = true;
    cancel();
  };
}

async function settle(
  response: Response,
  identityStore: IdentityStore,
  { clock, trackerClock, log }: Tools,
): Promise<Renewal> {
  const { phrase, message } = response;
  if (phrase === 'NOT_ENROLLED' || phrase === 'ACCOUNT_DISABLED') {
    return { outcome: 'forgotten', phrase, reason: message };
  }
  if (!isSuccess(response.status)) return { outcome: 'unrenewed', reason: response.message };
  const grant = readGrant(response, identityStore.device, clock.now());
  if ('fault' in grant) {
    log.warn({ id: response.id, fault: grant.fault }, 'unreadable grant');
    return { outcome: 'unrenewed', reason: `The tracker's answer cannot be read (${grant.fault}).` };
  }
  if (grant.enrolment.account !== identityStore.enrolment?.account) {
    return {
      outcome: 'unrenewed',
      reason:
        'The tracker renewed the credentials of another account, not of the one that is logged in here.',
    };
  }
  learnTime(trackerClock, response, grant.issuedAt);
  await identityStore.remember(grant.enrolment);
  return { outcome: 'renewed' };
}

const newId = (ids: Ids) => commandIdSchema.parse(ids.next());
