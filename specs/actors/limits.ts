// Limits that no spec comes to that is not about them. Guessing is throttled in any case.
import type { AdmissionLimits } from '../../actors/admission/admission.js';

export const generous = {
  registrationsPerHour: 1_000,
  isLoopbackThrottled: false,
  requestsPerSecond: 100_000,
} as const satisfies AdmissionLimits;
