// The reactors that follow the log of a running tracker, and how each publishes on the bus.
import type { Bus } from '../../core/bus/bus.js';
import { pushAccount } from '../../core/bus/credentials/account.js';
import type { Keyring } from '../../core/bus/credentials/keyring.js';
import { createEventRelay } from '../../core/bus/event-relay.js';
import { createConsumers } from '../../core/bus/integration/consumers.js';
import { EVENTS_STREAM } from '../../core/bus/integration/subjects.js';
import { deleteStream } from '../../core/bus/stream.js';
import { noticeSubject } from '../../core/bus/subjects.js';
import type { ConnectionWatch } from '../../core/bus/system.js';
import type { SigningKey } from '../../core/keys.js';
import type { Log } from '../../core/log.js';
import type { ShutdownStack } from '../../core/shutdown-stack.js';
import { type Clock, keepAliveSchedule } from '../../core/time/clock.js';
import type { TrackerHost } from '../host.js';
import type { Presence } from '../presence/presence.js';
import type { Storage } from '../storage.js';
import { runDisabledAccounts } from './disabled-accounts.js';
import { runEventRelay } from './event-relay.js';
import { runIntegrations } from './integrations.js';
import { runNotifier } from './notifier.js';
import { currentAccountJwt, runRevocations } from './revocations.js';

export interface ReactorParts {
  readonly storage: Storage;
  readonly host: TrackerHost;
  readonly presence: Presence;
  readonly bus: Bus;
  /** In the account of the events, for the event relay only: a slow store of the broker must not delay answers and notices. */
  readonly eventBus: Bus;
  /** With the credentials of the system account. */
  readonly system: Bus;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly signing: SigningKey;
  readonly log: Log;
  /** Gets the step that ends the reactors. */
  readonly shutdown: ShutdownStack;
}

export interface RunningReactors {
  /**
   * The position up to which the broker's stream of events equals the log; 0 until the broker has answered. `problem` is
   * the reason if the broker does not store the next events.
   */
  readonly relayed: () => { readonly position: number; readonly problem: string | null };
}

/** Starts the reactors that act on new events: notices, disabled accounts, integrations and the relay of events. */
export function startReactors(parts: ReactorParts): RunningReactors {
  const { storage, host, presence, bus, eventBus, system, keyring, signing, clock, log, shutdown } = parts;
  const { store, checkpoints, stopped, directory } = storage;
  const relayed: { position: number; problem: string | null; isKnown: boolean } = {
    position: 0,
    problem: null,
    isKnown: false,
  };
  const stopping = new AbortController();
  const common = { store, checkpoints, stopped, schedule: keepAliveSchedule, log, signal: stopping.signal };
  const integrations = runIntegrations({
    ...common,
    integrations: storage.integrations,
    keyring,
    push: (accountJwt) => pushAccount(system, accountJwt),
    consumers: createConsumers(eventBus),
    relayed: () => (relayed.isKnown ? relayed.position : null),
    clock,
  });
  const running = [
    integrations.ended,
    removeFormerStream(bus, log),
    runNotifier({
      ...common,
      directory,
      presence,
      signing,
      push(accounts, notice) {
        const data = Buffer.from(JSON.stringify(notice));
        for (const account of accounts) bus.publish(noticeSubject(account), data);
      },
    }),
    runDisabledAccounts({ ...common, directory, host }),
    runEventRelay({
      ...common,
      relay: createEventRelay(eventBus),
      onStatus: (listener) => eventBus.onStatus(listener),
      onResumed: () => integrations.check(),
      onReached: (position) => Object.assign(relayed, { position, problem: null, isKnown: true }),
      onFailed: (problem) => Object.assign(relayed, { problem }),
    }),
  ];
  shutdown.add(async () => {
    stopping.abort();
    await Promise.all(running);
  });
  return { relayed: () => relayed };
}

/** Earlier versions stored the events in the account of the application, where no integration may read. */
async function removeFormerStream(bus: Bus, log: Log): Promise<void> {
  try {
    await deleteStream(bus, EVENTS_STREAM);
  } catch (thrown) {
    log.warn(
      { err: thrown },
      'the stream of events of an earlier version could not be deleted; the next start tries again',
    );
  }
}

export interface RevocationReactorParts {
  readonly storage: Storage;
  readonly bus: Bus;
  /** With the credentials of the system account. */
  readonly system: Bus;
  readonly keyring: Keyring;
  /** Stores the account's JWT for the next start of the broker. */
  readonly keepAccount: (accountJwt: string) => Promise<void>;
  readonly devices: Pick<ConnectionWatch, 'kick'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Gets the step that ends the reactor. */
  readonly shutdown: ShutdownStack;
}

/** Starts the reactor that disconnects revoked devices. */
export function startRevocations(parts: RevocationReactorParts): void {
  const { storage, bus, system, keyring, keepAccount, devices, clock, log, shutdown } = parts;
  const { store, checkpoints, stopped, revocations } = storage;
  const stopping = new AbortController();
  const running = runRevocations({
    store,
    checkpoints,
    stopped,
    schedule: keepAliveSchedule,
    log,
    signal: stopping.signal,
    accountJwt: () => currentAccountJwt(keyring, revocations, clock),
    enforce: async (accountJwt) => {
      // The JWT is stored first, so that a broker that crashes now restarts with it.
      await keepAccount(accountJwt);
      // The flush lets a device that logs out receive its answer before its connection ends.
      if (bus.isConnected) await bus.flush();
      await pushAccount(system, accountJwt);
    },
    kick: (device, time) => devices.kick(device, time),
  });
  shutdown.add(() => {
    stopping.abort();
    return running;
  });
}
