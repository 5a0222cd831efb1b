// Which changes of links are worth a line: that somebody is reached, that they are lost, and why they never were.
import type { LinkChange } from '../chat/events.js';

/** Who knocked and was turned away before they had said who they are: that is told of nobody. */
const NOBODY = 'unknown';

const endOf = ({ device, peer }: LinkChange): string => device ?? peer;

export interface LinkTeller {
  /**
   * What to say of a change; null for an attempt, and for what says nothing new, such as a further terminal of somebody who is
   * linked. What is not said, /links shows.
   */
  sentence(change: LinkChange): string | null;
  /** Nobody is logged in here any more: what was linked has gone without a word. */
  forget(): void;
}

/** @param me the username logged in here, null without one */
export function createLinkTeller(me: () => string | null): LinkTeller {
  /** Of each person, what carries the links to their terminals. */
  const open = new Map<string, Map<string, LinkChange['link']>>();
  const lost = new Set<string>();
  const told = new Set<string>();
  const nameOf = (peer: string): string => (peer === me() ? 'another terminal of yours' : peer);
  const linksTo = ({ peer }: LinkChange): Map<string, LinkChange['link']> => {
    const links = open.get(peer) ?? new Map<string, LinkChange['link']>();
    open.set(peer, links);
    return links;
  };

  /** Once somebody was lost, that they still are is no news. */
  function closed(change: LinkChange): string | null {
    const { peer, reason } = change;
    const why = reason === '' ? '' : `: ${reason}`;
    const links = linksTo(change);
    const wasOpen = links.delete(endOf(change));
    if (links.size > 0) return null;
    if (wasOpen) {
      lost.add(peer);
      return `link to ${nameOf(peer)} closed${why}`;
    }
    // Attempts differ by ports only.
    const news = `${peer} ${reason.replace(/\d+/g, '0')}`;
    if (peer === NOBODY || lost.has(peer) || told.has(news)) return null;
    told.add(news);
    return `no link to ${nameOf(peer)}${why}`;
  }

  function opened(change: LinkChange): string | null {
    const { peer, link } = change;
    const links = linksTo(change);
    const isNews = ![...links.values()].includes(link);
    links.set(endOf(change), link);
    lost.delete(peer);
    if (!isNews) return null;
    return link === 'relay'
      ? `linked to ${nameOf(peer)} through the broker (relay)`
      : `linked to ${nameOf(peer)} directly over ${link}`;
  }

  return {
    sentence(change) {
      switch (change.state) {
        case 'dialing':
          return null;
        case 'closed':
          return closed(change);
        case 'open':
          return opened(change);
      }
    },
    forget() {
      for (const known of [open, lost, told]) known.clear();
    },
  };
}
