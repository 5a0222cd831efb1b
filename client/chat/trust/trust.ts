// Trust, put together from its parts: the devices this terminal knows, their pins and enrolments, and the warnings about them.
import { createLinkTrouble } from '../diagnostics/link-trouble.js';
import type { KnownDevice } from '../../history/port.js';
import type { Session } from '../../session/port.js';
import { type AcceptIntroductionParts, createAcceptIntroduction } from './accept-introduction.js';
import { createEnrolments } from './enrolments.js';
import { createEquivocationWarning, type EquivocationParts } from './equivocation.js';
import { createKnownDevices, type KnownDevicesHistory } from './known-devices.js';
import { createPins } from './pins.js';

export type TrustParts = EquivocationParts &
  Omit<AcceptIntroductionParts, 'trackerKey' | 'pins' | 'enrolments' | 'reportTrouble'> & {
    readonly session: Pick<Session, 'trackerKey'>;
    readonly history: KnownDevicesHistory;
    /** The devices that earlier runs stored. */
    readonly devices: readonly KnownDevice[];
  };

export function createTrust(parts: TrustParts) {
  const { trackerKey } = parts.session;
  const devices = createKnownDevices(parts.history, parts.devices);
  const pins = createPins(devices);
  const enrolments = createEnrolments({ devices, trackerKey });
  const reportTrouble = createLinkTrouble(parts.why, parts.tell);
  const accepting = { ...parts, trackerKey, pins, enrolments, reportTrouble };
  const acceptIntroduction = createAcceptIntroduction(accepting);
  const warnOfEquivocation = createEquivocationWarning(parts);
  return { pins, enrolments, reportTrouble, acceptIntroduction, warnOfEquivocation };
}
