// The refresh of the chat state that the dashboard caches: windows, directory and links.
import type { Chat } from '../../chat/port.js';
import type { InputHistory } from '../input/editor/history.js';
import type { CurrentUser } from './current-user.js';
import type { DirectoryCache } from './directory-cache.js';
import type { LinkMonitor } from './link-monitor.js';
import type { Navigation } from './navigation.js';
import type { Timelines } from './timelines.js';

export interface RefreshParts {
  readonly chat: Pick<Chat, 'username'>;
  readonly currentUser: CurrentUser;
  readonly timelines: Timelines;
  readonly navigation: Navigation;
  readonly history: InputHistory;
  readonly directory: DirectoryCache;
  readonly monitor: LinkMonitor;
}

/**
 * Returns a function that updates all parts to the present state of the chat. After another user's login it first clears them.
 */
export function createRefresh(parts: RefreshParts): () => void {
  const { chat, currentUser, timelines, navigation, history, directory, monitor } = parts;
  return () => {
    if (currentUser.isOther(chat.username)) {
      timelines.clear();
      navigation.clear();
      history.clear();
    }
    navigation.refresh();
    directory.refresh(navigation.windows.shownConversations);
    monitor.refresh();
  };
}
