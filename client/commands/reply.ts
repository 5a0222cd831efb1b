// The replies to one line. Each is an outcome, tagged with the kind of its data. Faces switch over the kind.
import type { Refusal, Success } from '../chat/outcome.js';
import type {
  BlockedPerson,
  BlockList,
  ChosenCarrier,
  DeviceList,
  DndState,
  Explanation,
  ExportedFile,
  HistoryPage,
  LeftRoom,
  LinkList,
  ListedMute,
  LoggedIn,
  MemberList,
  Moderated,
  MutedScope,
  MuteList,
  OpenedConversation,
  PeopleList,
  Privacy,
  Renamed,
  RetentionState,
  RevokedDevice,
  RoomList,
  RoomLog,
  RoomTopic,
  SafetyCodes,
  SearchResult,
  SentMessage,
  Unintroduced,
  UnreadList,
  Verification,
} from '../chat/results.js';

export interface CommandSummary {
  /** The name without the slash. */
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
}

/** An option of the dashboard. */
export interface ListedOption {
  readonly name: string;
  readonly value: string;
  readonly choices: readonly string[];
}

export interface CommandHelp extends CommandSummary {
  readonly example: string;
}

/** The outcome of each kind of reply, unless it is a refusal. */
interface Answers {
  loggedIn: Success<LoggedIn>;
  renamed: Success<Renamed>;
  devices: Success<DeviceList>;
  revoked: Success<RevokedDevice>;
  people: Success<PeopleList>;
  blocked: Success<BlockedPerson>;
  blocks: Success<BlockList>;
  privacy: Success<Privacy>;
  rooms: Success<RoomList>;
  members: Success<MemberList>;
  log: Success<RoomLog>;
  opened: Success<OpenedConversation>;
  left: Success<LeftRoom>;
  topic: Success<RoomTopic>;
  moderated: Success<Moderated>;
  private: Success<OpenedConversation> | Unintroduced;
  message: Success<SentMessage>;
  carrier: Success<ChosenCarrier>;
  links: Success<LinkList>;
  codes: Success<SafetyCodes>;
  verified: Success<Verification>;
  history: Success<HistoryPage>;
  found: Success<SearchResult>;
  exported: Success<ExportedFile>;
  retention: Success<RetentionState>;
  unread: Success<UnreadList>;
  muted: Success<ListedMute>;
  unmuted: Success<MutedScope>;
  mutes: Success<MuteList>;
  dnd: Success<DndState>;
  why: Success<Explanation>;
  options: Success<{ readonly options: readonly ListedOption[] }>;
  commands: Success<{ readonly commands: readonly CommandSummary[] }>;
  command: Success<CommandHelp>;
  /** No data. */
  done: Success;
}

export type ReplyKind = keyof Answers;

export type OutcomeOf<K extends ReplyKind> = Answers[K] | Refusal;

export type Reply<K extends ReplyKind = ReplyKind> = {
  readonly [P in K]: { readonly kind: P; readonly outcome: OutcomeOf<P> };
}[K];

export function reply<K extends ReplyKind>(kind: K, outcome: OutcomeOf<K>): Reply<K> {
  return { kind, outcome };
}
