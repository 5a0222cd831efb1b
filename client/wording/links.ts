// The sentences about links: a person is reached, a person is lost, or a link failed and why. Other changes give no sentence.
import type { LinkChange } from '../chat/events.js';

/** The name of a peer that was rejected before it identified itself. Such a peer gives no sentence. */
const NOBODY = 'unknown';

const endOf = ({ device, peer }: LinkChange): string => device ?? peer;

export interface LinkTeller {
  /**
   * The sentence for a change. Null for an attempt, and for a change without news, such as a second terminal of a person who
   * is already linked. `/links` shows those changes.
   */
  sentence(change: LinkChange): string | null;
  /** Forgets all links after a logout, without a sentence. */
  forget(): void;
}

/** @param me returns the username that is logged in, or null */
export function createLinkTeller(me: () => string | null): LinkTeller {
  /** The carrier of each link, by person and terminal. */
  const open = new Map<string, Map<string, LinkChange['link']>>();
  const lost = new Set<string>();
  const told = new Set<string>();
  const nameOf = (peer: string): string => (peer === me() ? 'another terminal of yours' : peer);
  const linksTo = ({ peer }: LinkChange): Map<string, LinkChange['link']> => {
    const links = open.get(peer) ?? new Map<string, LinkChange['link']>();
    open.set(peer, links);
    return links;
  };

  /** Once a link to a person is lost, later failures to reach them give no sentence. */
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
    // Digits are replaced, because the reasons of two attempts may differ only in port numbers.
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
