// Which changes of links are worth a line: that somebody is reached, that they are lost, and why they never were.
import type { LinkChange } from '../chat/events.js';

/** Who knocked and was turned away before they had said who they are: that is told of nobody. */
const NOBODY = 'unknown';

/**
 * What to say of each change; null for an attempt, and for what says nothing new. What is not said, /links shows.
 * @param me the username logged in here, null without one
 */
export function createLinkTeller(me: () => string | null): (change: LinkChange) => string | null {
  const open = new Map<string, LinkChange['link']>();
  const lost = new Set<string>();
  const told = new Set<string>();

  const nameOf = (peer: string): string => (peer === me() ? 'another terminal of yours' : peer);

  /** Once somebody was lost, that they still are is no news. */
  function closed({ peer, reason }: LinkChange): string | null {
    const why = reason === '' ? '' : `: ${reason}`;
    if (open.delete(peer)) {
      lost.add(peer);
      return `link to ${nameOf(peer)} closed${why}`;
    }
    // Attempts differ by ports only.
    const news = `${peer} ${reason.replace(/\d+/g, '0')}`;
    if (peer === NOBODY || lost.has(peer) || told.has(news)) return null;
    told.add(news);
    return `no link to ${nameOf(peer)}${why}`;
  }

  return (change) => {
    switch (change.state) {
      case 'dialing':
        return null;
      case 'closed':
        return closed(change);
      case 'open': {
        const { peer, link } = change;
        if (open.get(peer) === link) return null;
        open.set(peer, link);
        lost.delete(peer);
        return link === 'relay'
          ? `linked to ${nameOf(peer)} through the broker (relay)`
          : `linked to ${nameOf(peer)} directly over ${link}`;
      }
    }
  };
}
