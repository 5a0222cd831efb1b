// Time as a port: the only place that reads the system's clock.

/** Where the present comes from. Specs pass their own. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
