// Admission limits that specs do not reach unless they test them. Guessing is always throttled.
import type { AdmissionLimits } from '../../actors/admission/admission.js';

export const generous = {
  registrationsPerHour: 1_000,
  isLoopbackThrottled: false,
  requestsPerSecond: 100_000,
} as const satisfies AdmissionLimits;
