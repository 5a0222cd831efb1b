// The events of a quarantine. The reason is personal data; `evolve` does not read it.

/** The event that is quarantined or released. */
export interface TargetEvent {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
}

interface WithReason {
  readonly personal: { readonly reason: string };
}

export type QuarantineDomainEvent =
  /** From now on, readers of the log pass over the event. Its position and version still count. */
  | ({ readonly type: 'EventQuarantined' } & TargetEvent & WithReason)
  /** Readers of the log apply the event again, or stop at it again. */
  | ({ readonly type: 'EventReleased' } & TargetEvent & WithReason);
