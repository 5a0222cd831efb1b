// The reactor that gives integrations their broker accounts and consumers. A revocation or rotation reaches the broker at once;
// consumers follow as soon as the stream of events can have them. No other part updates these accounts.
import pLimit from 'p-limit';
import type { Consumers, WantedConsumer } from '../../core/bus/integration/consumers.js';
import {
  type IntegrationAccount,
  integrationAccountJwt,
  integrationAccountOf,
} from '../../core/bus/integration/credentials.js';
import { type IntegrationName, integrationNameSchema } from '../../core/bus/integration/scope.js';
import { consumerName, eventFilters, eventKindsOf } from '../../core/bus/integration/subjects.js';
import type { Keyring } from '../../core/bus/credentials/keyring.js';
import { addressOf } from '../../core/actor/aggregate.js';
import type { Checkpoints } from '../../core/events/sql/checkpoints.js';
import type { StoppedStreams } from '../../core/events/sql/stopped-streams.js';
import type { EventStore } from '../../core/events/store.js';
import { follow } from '../../core/events/subscription.js';
import { requireKnown } from '../../core/events/unhandled.js';
import type { Log } from '../../core/log.js';
import { createBackoff } from '../../core/time/backoff.js';
import type { Clock, Schedule } from '../../core/time/clock.js';
import { createChanges, delay } from '../../core/time/wait.js';
import { whyUnknown } from '../host.js';
import type { Integration, IntegrationList } from '../projections/integrations.js';

export interface IntegrationsParts {
  readonly store: EventStore;
  readonly checkpoints: Checkpoints;
  readonly stopped: StoppedStreams;
  readonly integrations: IntegrationList;
  readonly keyring: Keyring;
  /** Applies the JWT of an integration's account at the broker. */
  readonly push: (accountJwt: string) => Promise<void>;
  readonly consumers: Consumers;
  /** The position up to which the stream of events equals the log; null while the stream is unknown. */
  readonly relayed: () => number | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly schedule: Schedule;
  readonly signal: AbortSignal;
}

export interface RunningIntegrations {
  /** The broker's stream of events may have lost its consumers. */
  check(): void;
  /** Settles when `signal` has aborted and all work has ended. */
  readonly ended: Promise<void>;
}

/** A consumer that was deleted by hand is made again after this time. */
const CHECK_MS = 60_000;
/** The interval at which a stream that is being filled is looked at. */
const FILLING_MS = 200;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

/** The JWTs of all accounts of integrations, for the start of the broker, by account. The consumers are not checked yet. */
export async function initialIntegrationAccounts(
  keyring: Keyring,
  integrations: IntegrationList,
  clock: Clock,
): Promise<ReadonlyMap<string, string>> {
  const jwts = new Map<string, string>();
  for (const integration of await integrations.all()) {
    const account = await accountOf(integration, integrations, clock, false);
    const jwt = integrationAccountJwt(keyring, clock.now(), account);
    jwts.set(integrationAccountOf(keyring, integration.name), jwt);
  }
  return jwts;
}

async function accountOf(
  { name, scopes, rooms, revokedAt }: Integration,
  integrations: Pick<IntegrationList, 'voidKeys'>,
  clock: Clock,
  hasConsumers: boolean,
): Promise<IntegrationAccount> {
  const voidKeys = await integrations.voidKeys(name, clock.now() - SLACK_MS);
  return { name, scoped: revokedAt === null ? { scopes, rooms } : null, hasConsumers, voidKeys };
}

/** The broker's clock may be this far behind the tracker's: it then still accepts credentials that have expired. */
const SLACK_MS = 5 * 60_000;

/** Runs until `signal` aborts. */
export function runIntegrations(parts: IntegrationsParts): RunningIntegrations {
  const { store, checkpoints, stopped, integrations, keyring, push, consumers, relayed, clock } = parts;
  const { log, schedule, signal } = parts;
  /** For each integration: the position of the change for which its consumers are arranged. */
  const arranged = new Map<IntegrationName, number>();
  const changes = createChanges(schedule);
  let isDue = true;
  // An older JWT that is pushed after a newer one would undo a revocation. Each push reads the table in its own turn.
  const inTurn = pLimit(1);

  const update = (name: IntegrationName): Promise<void> =>
    inTurn(async () => {
      const integration = await integrations.named(name);
      if (integration === null) return;
      const hasConsumers = arranged.get(name) === integration.changedPosition;
      const account = await accountOf(integration, integrations, clock, hasConsumers);
      await push(integrationAccountJwt(keyring, clock.now(), account));
    });

  const check = (): void => {
    isDue = true;
    changes.notify();
  };

  /** Resolves with whether all consumers are arranged. Some wait until the stream has the first of their events. */
  async function arrange(): Promise<boolean> {
    const end = relayed();
    if (end === null) return false;
    const active = (await integrations.all()).filter(({ revokedAt }) => revokedAt === null);
    const ready = active.filter(({ from }) => from <= end + 1);
    const problems = await consumers.arrange(ready.flatMap(wantedOf));
    for (const problem of problems) log.error(problem, 'the consumer of an integration cannot be made');
    for (const { name, changedPosition } of ready) {
      if (arranged.get(name) === changedPosition) continue;
      arranged.set(name, changedPosition);
      await update(name);
    }
    return ready.length === active.length;
  }

  async function keep(): Promise<void> {
    const backoff = createBackoff({ firstMs: FIRST_RETRY_MS, longestMs: LAST_RETRY_MS });
    while (!signal.aborted) {
      await changes.until(() => isDue || signal.aborted, CHECK_MS);
      if (signal.aborted) return;
      isDue = false;
      try {
        const isComplete = await arrange();
        backoff.reset();
        if (isComplete) continue;
        isDue = true;
        await delay(schedule, FILLING_MS, signal);
      } catch (thrown) {
        log.warn({ err: thrown }, 'the consumers of integrations could not be checked; retrying');
        isDue = true;
        await delay(schedule, backoff.next(), signal);
      }
    }
  }

  signal.addEventListener('abort', () => changes.notify(), { once: true });
  const following = follow(store, {
    name: 'integrations',
    checkpoints,
    stopped,
    log,
    schedule,
    signal,
    handle: async (event) => {
      const address = addressOf(event.stream);
      if (address?.kind !== 'integration') return;
      requireKnown(event, whyUnknown);
      await update(integrationNameSchema.parse(address.id));
      check();
    },
  });
  return { check, ended: Promise.all([following, keep()]).then(() => undefined) };
}

function wantedOf(integration: Integration): readonly WantedConsumer[] {
  const { name, rooms, from, grantedAt } = integration;
  return eventKindsOf(integration).map((kind) => ({
    name: consumerName(name, kind),
    filters: eventFilters(kind, { rooms }),
    from,
    grant: `granted ${new Date(grantedAt).toISOString()}, from position ${from}`,
  }));
}
