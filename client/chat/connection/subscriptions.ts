// Who of the chat acts on what the session and the machine's network tell. It decides nothing itself.
import type { Network } from '../../network.js';
import type { Session } from '../../session/port.js';
import type { Absence } from './outage.js';
import type { Arrival } from './sync-on-connect.js';
import type { Blocks } from '../people/blocks.js';
import type { Connection } from './status.js';
import type { Meeting } from '../peers/introducer.js';
import type { News } from '../rooms/tracker-sync.js';
import type { Why } from '../diagnostics/why.js';

export interface TidingsParts {
  readonly session: Pick<Session, 'events'>;
  readonly network: Pick<Network, 'onChanged'>;
  readonly connection: Pick<Connection, 'changed'>;
  readonly absence: Pick<Absence, 'changed'>;
  readonly arrival: Pick<Arrival, 'changed' | 'moved'>;
  readonly why: Pick<Why, 'expelled'>;
  readonly blocks: Pick<Blocks, 'refresh'>;
  readonly news: Pick<News, 'push'>;
  readonly meeting: Pick<Meeting, 'introduced'>;
  /** Work that nobody waits for, and what is said if it fails. */
  readonly run: (work: Promise<unknown>, failure: string) => void;
}

/** Returns what ends it. */
export function followTidings(parts: TidingsParts): () => void {
  const { session, network, connection, absence, arrival, why, blocks, news, meeting, run } = parts;
  const stop = [
    session.events.on('state', (state) => {
      connection.changed(state);
      absence.changed(state);
      arrival.changed();
    }),
    session.events.on('renewed', () => arrival.changed()),
    network.onChanged(() => arrival.moved()),
    session.events.on('expelled', (expulsion) => why.expelled(expulsion)),
    session.events.on('blocks', () => run(blocks.refresh(), 'who is blocked was not asked')),
    session.events.on('notice', (signed) => run(news.push(signed), 'a notice was not taken')),
    session.events.on('introduction', (signed) =>
      run(meeting.introduced(signed, null), 'an introduction was not taken'),
    ),
  ];
  return () => {
    for (const off of stop) off();
  };
}
