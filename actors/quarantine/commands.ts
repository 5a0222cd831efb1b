// The commands to a quarantine. Both are from the operator, who has checked that the event exists.
import type { TargetEvent } from './events.js';

interface WithReason {
  readonly personal: { readonly reason: string };
}

export type QuarantineCommand =
  | ({ readonly type: 'QuarantineEvent' } & TargetEvent & WithReason)
  | ({ readonly type: 'ReleaseEvent' } & TargetEvent & WithReason);
