// Warnings about names that look alike.
import type { Clock } from '../../../core/time/clock.js';
import type { Tell } from '../events.js';
import type { People } from './people.js';

export interface LookAlikeParts {
  readonly people: Pick<People, 'events'>;
  readonly clock: Clock;
  readonly tell: Tell;
}

/** Warns the user of every learned name that looks like another known one. */
export function warnOfLookAlikes({ people, clock, tell }: LookAlikeParts): void {
  people.events.on('lookAlike', ({ username: peer, known }) => {
    const message = `${peer} is not ${known}. The names look alike but belong to different people.`;
    tell('warning', { type: 'LookAlike', peer, message, at: clock.now() });
  });
}
