// The request handlers of the tracker, composed from its stores, presence and limits.
import type { Bus } from '../../core/bus/bus.js';
import { deviceJwt } from '../../core/bus/credentials/credentials.js';
import type { Keyring } from '../../core/bus/credentials/keyring.js';
import { blocksSubject, introductionSubject } from '../../core/bus/subjects.js';
import type { Ids } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import type { Log } from '../../core/log.js';
import type { Clock } from '../../core/time/clock.js';
import type { Admission } from '../admission/admission.js';
import { createBlocks } from '../contact/blocks.js';
import { createIntroducer } from '../contact/introductions.js';
import { createPrivacy } from '../contact/privacy.js';
import type { EndpointParts } from '../endpoints.js';
import type { TrackerHost } from '../host.js';
import type { Hasher } from '../passwords/hasher.js';
import { createPasswordTable } from '../passwords/table.js';
import type { AnnouncedAddresses } from '../presence/announced-addresses.js';
import type { Origins } from '../presence/origins.js';
import type { PresenceRecorder } from '../presence/presence.js';
import { createWaiting } from '../presence/waiting.js';
import type { Storage } from '../storage.js';
import { createLogProofs } from '../witness/log-proofs.js';
import { createAccountHandler } from './account.js';
import { createAuthentication } from './authentication.js';
import { createGrants } from './grants.js';
import { createPasswordChange } from './password.js';
import { createPeopleHandler, createPrivateHandler } from './people.js';
import { createRoomHandler } from './rooms.js';
import { createSyncHandler } from './sync.js';

export interface HandlersParts {
  readonly storage: Storage;
  readonly host: TrackerHost;
  readonly hasher: Hasher;
  readonly admission: Admission;
  readonly presence: PresenceRecorder;
  readonly origins: Origins;
  readonly announcedAddresses: AnnouncedAddresses;
  readonly bus: Bus;
  readonly keyring: Keyring;
  /** Signs rosters and notices. It caches its signatures, because many people get the same roster or notice. */
  readonly cachedSigning: SigningKey;
  /** The ports of the reflector; empty if it does not run. */
  readonly reflectorPorts: readonly number[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export function createHandlers(parts: HandlersParts): Pick<EndpointParts, 'authentication' | 'handlers'> {
  const { storage, host, hasher, admission, presence, origins, announcedAddresses, bus } = parts;
  const { keyring, cachedSigning, reflectorPorts, clock, ids, log } = parts;
  const { reads, writer, store, directory, revocations, logIdentity } = storage;

  const blocks = createBlocks(reads, writer, clock);
  const privacy = createPrivacy(reads, writer, clock, directory);
  const introducer = createIntroducer({
    directory,
    presence,
    announcedAddresses,
    waiting: createWaiting(reads, writer),
    blocks,
    privacy,
    signing: keyring.signing,
    clock,
    push: (account, introduction) =>
      bus.publish(introductionSubject(account), Buffer.from(JSON.stringify(introduction))),
  });
  const people = {
    directory,
    presence,
    announcedAddresses,
    introducer,
    blocks,
    privacy,
    onBlocks: (account) => bus.publish(blocksSubject(account), Buffer.from('{}')),
    reflectorPorts,
  } satisfies Parameters<typeof createPeopleHandler>[0];

  const logProofs = createLogProofs({ reads, store, logIdentity, signing: keyring.signing });
  const passwordParts = {
    host,
    store,
    directory,
    hasher,
    admission,
    origins,
    passwords: createPasswordTable(store, writer),
    sealing: keyring.sealing,
    clock,
  };
  const changePassword = createPasswordChange(passwordParts);
  const authentication = createAuthentication({
    ...passwordParts,
    revocations,
    grantTo: createGrants({ mint: (claim) => deviceJwt(claim, keyring), directory, revocations, clock }),
    ids,
  });
  return {
    authentication,
    handlers: {
      account: createAccountHandler({ host, directory, presence, authentication, changePassword, clock }),
      rooms: createRoomHandler({
        host,
        store,
        reads,
        directory,
        presence,
        blocks,
        logProofs,
        signing: cachedSigning,
        ids,
      }),
      sync: createSyncHandler({ directory, store, signing: cachedSigning, logIdentity, logProofs, log }),
      people: createPeopleHandler(people),
      private: createPrivateHandler(people),
    },
  };
}
