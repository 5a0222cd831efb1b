// The session of a terminal with its tracker: the composition of its parts.

import Emittery from 'emittery';
import pLimit from 'p-limit';
import type { Bus } from '../../core/bus/bus.js';
import { invariant } from '../../core/errors.js';
import type { DeviceId } from '../../core/ids.js';
import type { Signed } from '../../core/protocol/signed/signed.js';
import { createShutdownStack } from '../../core/shutdown-stack.js';
import type { Profile } from '../profile/profile.js';
import { brokerOf, type Connect, createAdmission } from './auth/admission.js';
import { sendRequest } from './requests/requests.js';
import { createConnectionGate } from './connection/gate.js';
import { sendLeaveNotice } from './requests/leave-notice.js';
import { superviseConnection } from './connection/supervisor.js';
import { logIn, logOut } from './auth/login.js';
import { createIdentityStore } from './auth/identity-store.js';
import { changePassword } from './auth/password.js';
import type { Session, SessionEvents } from './port.js';
import { subscribePushes } from './requests/pushes.js';
import { brokerTrip } from './connection/broker-trip.js';
import { recheck } from './connection/recheck.js';
import { renewEarly } from './auth/renewal.js';
import { createStateTracker } from './connection/state.js';
import type { Tools } from './tools.js';

export interface SessionTools extends Tools {
  /** Opens a connection to the broker. This is `connectBus`, except in specs. */
  readonly connect: Connect;
  /** The label of this terminal among the terminals of its account. */
  readonly deviceName: string;
  /**
   * Called with each connection of the device, before the session counts as online. The returned function is called when the
   * connection ends.
   */
  readonly onAdmitted: (bus: Bus, device: DeviceId) => () => void;
}

/**
 * Opens the session of `profile`, which the caller closes. The session connects by itself and retries until it is closed.
 * Throws an `OperatorError` when the invite cannot be used.
 */
export function openSession(profile: Profile, tools: SessionTools): Session {
  const { clock, steadyClock, schedule, log } = tools;
  const { invite } = profile;
  const admit = createAdmission(profile, tools.connect, clock, log);
  const broker = brokerOf(invite);
  const events = new Emittery<SessionEvents>();
  const announce = <E extends keyof SessionEvents>(event: E, what: SessionEvents[E]): void => {
    events.emit(event, what).catch((error: unknown) => log.error({ err: error, event }, 'a listener failed'));
  };
  const stateTracker = createStateTracker(`Connecting to ${broker}.`, schedule, (state) =>
    announce('state', state),
  );
  const gate = createConnectionGate(schedule);
  const identityStore = createIdentityStore(profile, log);
  // Changes of the login run one at a time.
  const loginQueue = pLimit(1);
  const supervisor = superviseConnection({
    identityStore,
    gate,
    admit,
    broker,
    tools,
    tell: stateTracker.tell,
    onExpelled: (expulsion) => announce('expelled', expulsion),
    attend(bus) {
      const { enrolment } = identityStore;
      invariant(enrolment !== null, 'a device is admitted without a login');
      const pushes = {
        notice: (signed: Signed) => announce('notice', signed),
        introduction: (signed: Signed) => announce('introduction', signed),
        blocks: () => announce('blocks', null),
      };
      subscribePushes(bus, enrolment.account, pushes, log);
      const leave = tools.onAdmitted(bus, identityStore.device);
      const stopRenewing = renewEarly({
        bus,
        gate,
        identityStore,
        loginQueue,
        tools,
        onForgotten: supervisor.expel,
        onRenewed: () => announce('renewed', null),
      });
      return () => {
        stopRenewing();
        leave();
      };
    },
  });
  const { deviceName } = tools;
  const parts = { gate, identityStore, stateTracker, tools, supervisor, sealingKey: invite.seal, deviceName };
  return {
    events,
    get state() {
      return stateTracker.state;
    },
    get identity() {
      return identityStore.identity;
    },
    trackerKey: invite.sign,
    register: (username, password) => loginQueue(() => logIn(parts, 'Registration', username, password)),
    login: (username, password) => loginQueue(() => logIn(parts, 'Login', username, password)),
    logout: () => loginQueue(() => logOut(parts)),
    changePassword: (current, next) => loginQueue(() => changePassword(parts, current, next)),
    called: (username) => identityStore.rename(username),
    request: (title, data, options) => sendRequest(parts, title, data, options),
    brokerTrip: () => brokerTrip(gate, steadyClock),
    recheck() {
      recheck(gate, schedule, log).then(
        (isAnew) => isAnew && announce('renewed', null),
        (error: unknown) => log.error({ err: error }, 'a recheck failed'),
      );
    },
    async close() {
      const { route } = gate;
      const shutdown = createShutdownStack();
      shutdown.add(() => supervisor.close());
      shutdown.add(() => stateTracker.stop());
      shutdown.add(() => sendLeaveNotice(route, identityStore, tools));
      shutdown.add(() => gate.close());
      await shutdown.close();
    },
  };
}
