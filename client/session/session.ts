// A terminal's session with its tracker, put together from its parts.

import Emittery from 'emittery';
import pLimit from 'p-limit';
import type { Bus } from '../../core/bus/bus.js';
import { invariant } from '../../core/errors.js';
import type { DeviceId } from '../../core/ids.js';
import type { Signed } from '../../core/protocol/signed/signed.js';
import type { Profile } from '../profile/profile.js';
import { brokerOf, type Connect, createAdmission } from './auth/admission.js';
import { ask } from './requests/requests.js';
import { createGate } from './connection/gate.js';
import { sayGoodbye } from './requests/leave-notice.js';
import { keepAdmitted } from './connection/supervisor.js';
import { logIn, logOut } from './auth/login.js';
import { createMemory } from './auth/identity-store.js';
import { changePassword } from './auth/password.js';
import type { Session, SessionEvents } from './port.js';
import { subscribePushes } from './requests/pushes.js';
import { brokerTrip } from './connection/broker-trip.js';
import { recheck } from './connection/recheck.js';
import { renewEarly } from './auth/renewal.js';
import { createStanding } from './connection/state.js';
import type { Tools } from './tools.js';

export interface SessionTools extends Tools {
  /** `connectBus`. */
  readonly connect: Connect;
  /** What this terminal calls itself among those of its account. */
  readonly deviceName: string;
  /** Called with each connection of the device before it counts as online; what it returns is called at its end. */
  readonly onAdmitted: (bus: Bus, device: DeviceId) => () => void;
}

/**
 * Opens the session of `profile`, which stays its caller's to close. It connects by itself from now on, and goes on
 * trying. Throws an `OperatorError` when the invite cannot be used.
 */
export function openSession(profile: Profile, tools: SessionTools): Session {
  const { clock, timers, log } = tools;
  const { invite } = profile;
  const admit = createAdmission(profile, tools.connect, clock, log);
  const broker = brokerOf(invite);
  const events = new Emittery<SessionEvents>();
  const announce = <E extends keyof SessionEvents>(event: E, what: SessionEvents[E]): void => {
    events.emit(event, what).catch((error: unknown) => log.error({ err: error, event }, 'a listener failed'));
  };
  const standing = createStanding(`Connecting to ${broker}.`, timers, (state) => announce('state', state));
  const gate = createGate(timers);
  const memory = createMemory(profile, log);
  // What changes who is logged in waits for what changes it already.
  const turns = pLimit(1);
  const keeper = keepAdmitted({
    memory,
    gate,
    admit,
    broker,
    tools,
    tell: standing.tell,
    onExpelled: (expulsion) => announce('expelled', expulsion),
    attend(bus) {
      const { enrolment } = memory;
      invariant(enrolment !== null, 'a device is admitted without a login');
      const pushes = {
        notice: (signed: Signed) => announce('notice', signed),
        introduction: (signed: Signed) => announce('introduction', signed),
        blocks: () => announce('blocks', null),
      };
      subscribePushes(bus, enrolment.account, pushes, log);
      const leave = tools.onAdmitted(bus, memory.device);
      const stopRenewing = renewEarly({
        bus,
        gate,
        memory,
        turns,
        tools,
        onForgotten: keeper.expel,
        onRenewed: () => announce('renewed', null),
      });
      return () => {
        stopRenewing();
        leave();
      };
    },
  });
  const { deviceName } = tools;
  const parts = { gate, memory, standing, tools, keeper, sealingKey: invite.seal, deviceName };
  return {
    events,
    get state() {
      return standing.state;
    },
    get identity() {
      return memory.identity;
    },
    trackerKey: invite.sign,
    register: (username, password) => turns(() => logIn(parts, 'Registration', username, password)),
    login: (username, password) => turns(() => logIn(parts, 'Login', username, password)),
    logout: () => turns(() => logOut(parts)),
    changePassword: (current, next) => turns(() => changePassword(parts, current, next)),
    called: (username) => memory.rename(username),
    request: (title, data, options) => ask(parts, title, data, options),
    brokerTrip: () => brokerTrip(gate, clock),
    recheck() {
      recheck(gate, timers, log).then(
        (isAnew) => isAnew && announce('renewed', null),
        (error: unknown) => log.error({ err: error }, 'a recheck failed'),
      );
    },
    async close() {
      const { passage } = gate;
      gate.close();
      await sayGoodbye(passage, memory, tools);
      standing.stop();
      await keeper.close();
    },
  };
}
