// The connection supervisor: keeps the terminal connected to the broker as a guest or as its device, and renews expired
// credentials first. It uses one connection at a time: it ends a connection before it opens the next.
import type { Bus } from '../../../core/bus/bus.js';
import type { Admit } from '../auth/admission.js';
import { createBackoff } from '../../../core/time/backoff.js';
import { delay } from '../../../core/time/wait.js';
import type { ConnectionGate, Role } from './gate.js';
import type { SessionFact } from './machine.js';
import type { IdentityStore } from '../auth/identity-store.js';
import type { Expulsion } from '../port.js';
import { isFresh, renewAsGuest } from '../auth/renewal.js';
import { RETRY_DELAYS, type Tools } from '../tools.js';
import type { TrackerClock } from '../../time/tracker-clock.js';
import { utcTime } from '../../../core/time/utc-time.js';
import {
  openConnection,
  type ConnectionEnd,
  type ConnectionUse,
  type BrokerConnection,
} from './connection.js';

export interface SupervisorParts {
  readonly identityStore: IdentityStore;
  readonly gate: ConnectionGate;
  readonly admit: Admit;
  /** The broker's address, used in messages to the user. */
  readonly broker: string;
  readonly tools: Tools;
  readonly tell: (fact: SessionFact) => void;
  readonly onExpelled: (expulsion: Expulsion) => void;
  /**
   * Called with each connection of the device, before the session counts as online. The returned function is called when the
   * connection ends.
   */
  readonly attend: (bus: Bus) => () => void;
}

export interface ConnectionSupervisor {
  /** Reconnects with the login that the identity store holds now. */
  readmit(): void;
  /** Forgets the login and continues as a guest. */
  readonly forget: (reason: string) => Promise<void>;
  /** Forgets the login because the tracker removed the device or disabled the account, and continues as a guest. */
  readonly expel: (expulsion: Expulsion) => Promise<void>;
  /** Drains the present connection and opens no other. */
  close(): Promise<void>;
}

/** If credentials are younger than this and the broker refuses them, the clocks of broker and tracker differ. */
const FRESHLY_GRANTED_MS = 60_000;

export function superviseConnection(parts: SupervisorParts): ConnectionSupervisor {
  const { identityStore, gate, admit, broker, tools, tell, attend, onExpelled } = parts;
  const { clock, schedule, random, log } = tools;
  const closing = new AbortController();
  const backoff = createBackoff({ ...RETRY_DELAYS, jitter: random });
  let connection: BrokerConnection | null = null;
  // The JWT that the broker refused last. It is renewed before the next connection as a device.
  let refusedJwt: string | null = null;

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const ending = await next();
      if (ending === null) continue;
      const { reason, remedy } = ending;
      tell({ type: 'CONNECTION_LOST', reason, ...(remedy !== undefined && { remedy }) });
      await delay(schedule, backoff.next(), closing.signal);
    }
  }

  async function next(): Promise<ConnectionEnd> {
    const { enrolment } = identityStore;
    if (enrolment === null) return during('guest', useAsGuest);
    const { jwt } = enrolment;
    if (jwt === refusedJwt || !isFresh(enrolment, clock.now())) return during('guest', renew);
    const ending = await during('device', useAsDevice);
    if (ending?.isRefused !== true) return ending;
    refusedJwt = jwt;
    const ageMs = Math.abs(clock.now() - enrolment.grantedAt);
    return ageMs < FRESHLY_GRANTED_MS ? { ...ending, ...clocksDiffer(tools.trackerClock) } : ending;
  }

  function during(role: Role, use: (use: ConnectionUse) => void | Promise<void>): Promise<ConnectionEnd> {
    connection = openConnection({ role, admit, broker, schedule, log, use, onDown });
    return connection.ended;
  }

  function onDown(reason: string | null): void {
    gate.shut();
    if (reason !== null) tell({ type: 'CONNECTION_LOST', reason });
  }

  function useAsGuest({ bus, serve }: ConnectionUse): void {
    serve(() => {
      backoff.reset();
      tell({ type: 'GUEST_ADMITTED', reason: identityStore.whyNobody });
      gate.open({ role: 'guest', bus });
    });
  }

  function useAsDevice({ bus, over, serve }: ConnectionUse): void {
    // Subscribe first. The broker handles the messages of one connection in order, so the subscriptions take effect before any
    // later request.
    over.addEventListener('abort', attend(bus), { once: true });
    serve(() => {
      backoff.reset();
      tell({
        type: 'DEVICE_ADMITTED',
        reason: `Logged in as ${identityStore.identity?.username ?? 'nobody'}.`,
      });
      gate.open({ role: 'device', bus });
    });
  }

  async function renew({ bus, over }: ConnectionUse): Promise<void> {
    tell({ type: 'AUTHENTICATION_BEGAN', reason: "Renewing this terminal's credentials." });
    while (!over.aborted) {
      const renewal = await renewAsGuest(bus, identityStore, tools);
      switch (renewal.outcome) {
        case 'renewed':
          return readmit();
        case 'forgotten':
          return expel(renewal);
        case 'unrenewed':
          if (over.aborted) return;
          tell({ type: 'CONNECTION_LOST', reason: renewal.reason });
          await delay(schedule, backoff.next(), over);
      }
    }
  }

  function readmit(): void {
    connection?.end();
  }

  async function forget(reason: string): Promise<void> {
    await identityStore.forget(reason);
    tell({ type: 'IDENTITY_FORGOTTEN', reason });
    readmit();
  }

  async function expel({ phrase, reason }: Expulsion): Promise<void> {
    await forget(reason);
    onExpelled({ phrase, reason });
  }

  const running = run();
  return {
    readmit,
    forget,
    expel,
    async close() {
      closing.abort();
      gate.close();
      readmit();
      // Do not wait for an attempt to connect: it ends within seconds and closes the connection that it opened.
      if (!connection?.isConnecting) await running;
    },
  };
}

/** Why the broker refuses credentials that the tracker has just granted. */
function clocksDiffer(trackerClock: TrackerClock): { reason: string; remedy: string } {
  const { state, machine } = trackerClock;
  const tracker =
    state === 'reported' ? `The tracker's clock says ${utcTime(trackerClock.now())}, and this` : 'This';
  return {
    reason: `The broker refuses credentials that the tracker has just granted: their clocks may differ. ${tracker} machine's clock says ${utcTime(machine.now())}.`,
    remedy: 'Ask the operator to compare the clocks of the tracker and the broker with the correct time.',
  };
}
