// Keeps the terminal admitted to the broker, as what its memory says it is: guest, device, or a device whose credentials
// must be renewed first. One connection at a time: each is over before the next begins.
import type { Bus } from '../../../core/bus/bus.js';
import type { Admit } from '../auth/admission.js';
import { createBackoff } from './backoff.js';
import type { Gate, Role } from './gate.js';
import type { SessionFact } from './machine.js';
import type { Memory } from '../auth/identity-store.js';
import type { Expulsion } from '../port.js';
import { isFresh, renewAsGuest } from '../auth/renewal.js';
import { pause } from '../timers.js';
import type { Tools } from '../tools.js';
import { beginVisit, type Ending, type Stay, type Visit } from './connection.js';

export interface KeeperParts {
  readonly memory: Memory;
  readonly gate: Gate;
  readonly admit: Admit;
  /** The broker's address, for sentences. */
  readonly broker: string;
  readonly tools: Tools;
  readonly tell: (fact: SessionFact) => void;
  readonly onExpelled: (expulsion: Expulsion) => void;
  /** Called with each connection of the device before it counts as online; what it returns is called at its end. */
  readonly attend: (bus: Bus) => () => void;
}

export interface Keeper {
  /** The memory has a new login: connects anew as it says. */
  readmit(): void;
  /** Forgets who was logged in, and goes on as a guest. */
  readonly forget: (reason: string) => Promise<void>;
  /** The same when that is the tracker's doing. */
  readonly expel: (expulsion: Expulsion) => Promise<void>;
  /** Drains the present connection; no other follows. */
  close(): Promise<void>;
}

export function keepAdmitted(parts: KeeperParts): Keeper {
  const { memory, gate, admit, broker, tools, tell, attend, onExpelled } = parts;
  const { clock, timers, random, log } = tools;
  const closing = new AbortController();
  const backoff = createBackoff(random);
  let visit: Visit | null = null;
  // Credentials that the broker has refused are renewed before they are shown again.
  let refusedJwt: string | null = null;

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const ending = await next();
      if (ending === null) continue;
      tell({ type: 'CONNECTION_LOST', reason: ending.reason });
      await pause(timers, backoff.next(), closing.signal);
    }
  }

  async function next(): Promise<Ending> {
    const { enrolment } = memory;
    if (enrolment === null) return during('guest', stayAsGuest);
    const { jwt } = enrolment;
    if (jwt === refusedJwt || !isFresh(enrolment, clock.now())) return during('guest', renew);
    const ending = await during('device', stayAsDevice);
    if (ending?.isRefused) refusedJwt = jwt;
    return ending;
  }

  function during(role: Role, stay: (stay: Stay) => void | Promise<void>): Promise<Ending> {
    visit = beginVisit({ role, admit, broker, timers, log, stay, onDown });
    return visit.ended;
  }

  function onDown(reason: string | null): void {
    gate.shut();
    if (reason !== null) tell({ type: 'CONNECTION_LOST', reason });
  }

  function stayAsGuest({ bus, serve }: Stay): void {
    serve(() => {
      backoff.reset();
      tell({ type: 'GUEST_ADMITTED', reason: memory.whyNobody });
      gate.open({ role: 'guest', bus });
    });
  }

  function stayAsDevice({ bus, over, serve }: Stay): void {
    // What is subscribed now is in effect before anything asked later: one connection keeps its order.
    over.addEventListener('abort', attend(bus), { once: true });
    serve(() => {
      backoff.reset();
      tell({ type: 'DEVICE_ADMITTED', reason: `Logged in as ${memory.identity?.username ?? 'nobody'}.` });
      gate.open({ role: 'device', bus });
    });
  }

  async function renew({ bus, over }: Stay): Promise<void> {
    tell({ type: 'AUTHENTICATION_BEGAN', reason: "Renewing this terminal's credentials." });
    while (!over.aborted) {
      const renewal = await renewAsGuest(bus, memory, tools);
      switch (renewal.outcome) {
        case 'renewed':
          return readmit();
        case 'forgotten':
          return expel(renewal);
        case 'unrenewed':
          if (over.aborted) return;
          tell({ type: 'CONNECTION_LOST', reason: renewal.reason });
          await pause(timers, backoff.next(), over);
      }
    }
  }

  function readmit(): void {
    visit?.end();
  }

  async function forget(reason: string): Promise<void> {
    await memory.forget(reason);
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
      // An attempt under way ends within seconds and closes what it opened: nobody has to wait for that.
      if (!visit?.isConnecting) await running;
    },
  };
}
