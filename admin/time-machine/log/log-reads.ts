// The reads of the time machine on a log.
import type { Sql } from '../../../core/events/sql/sql.js';
import { createLook } from '../../look.js';
import { positionAt, timeAt } from '../../moment.js';
import type { StateSnapshots } from '../../state/snapshots.js';
import type { Reads } from '../reads.js';
import { createCatalogue } from './catalogue.js';
import { createRecentStates } from './recent-states.js';
import { readScene } from './scene.js';
import { createSeeker } from './seek.js';
import { createTimelineReader } from './timeline.js';

/** @param snapshots see `createStateReader` */
export function createLogReads(sql: Pick<Sql, 'all'>, snapshots: StateSnapshots | null): Reads {
  const plain = createLook(sql, snapshots);
  const states = createRecentStates(sql, plain.states);
  const look = { ...plain, states };
  const parts = { look, states, catalogue: createCatalogue(sql) };
  return {
    end: () => look.end(),
    timeAt: async (position) => (position === 0 ? null : timeAt(sql, position)),
    positionAtTime: (time) => positionAt(sql, { kind: 'time', time }),
    positionAt: (moment) => positionAt(sql, moment),
    timeline: createTimelineReader(sql),
    scene: (request) => readScene(parts, request),
    seek: createSeeker(sql, look.names),
  };
}
