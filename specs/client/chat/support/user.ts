// Somebody who uses the tracker without a terminal: an account and one of its devices.
import type { Caller } from '../../../../actors/caller.js';
import type { AccountId, DeviceId } from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import type { SigningKey } from '../../../../core/keys.js';
import type { Response, Title } from '../../../../core/protocol/envelope.js';
import { syncedSchema } from '../../../../core/protocol/operations.js';
import type { Signed } from '../../../../core/protocol/signed/signed.js';
import type { Introduction } from '../../../../core/protocol/signed/statements.js';
import { isSuccess } from '../../../../core/protocol/status.js';
import { readIntroduction } from '../../../actors/statements.js';

/** The parts of the spec tracker that a user needs. */
export interface AskedTracker {
  readonly key: SigningKey;
  ask(caller: Caller, title: Title, data: Json): Promise<Response>;
  captureIntroductions(work: () => Promise<unknown>): Promise<readonly Signed[]>;
}

export class User implements Caller {
  readonly account: AccountId;
  readonly device: DeviceId;

  constructor(
    private readonly tracker: AskedTracker,
    { account, device }: Caller,
    readonly username: string,
  ) {
    this.account = account;
    this.device = device;
  }

  /** Asks the tracker and fails when it refuses. */
  async ask(title: Title, data: Json): Promise<Response> {
    const response = await this.tracker.ask(this, title, data);
    if (!isSuccess(response.status))
      throw new Error(`${this.username}: ${response.phrase} ${response.message}`);
    return response;
  }

  join = (name: string): Promise<Response> => this.ask('ChatRoom', { operation: 'JOIN', name });
  leave = (name: string): Promise<Response> => this.ask('ChatRoom', { operation: 'QUIT', name });
  rename = (username: string): Promise<Response> => this.ask('Account', { operation: 'RENAME', username });

  /** The signed roster of the one room that this account is in. */
  async roster(): Promise<Signed> {
    const { data } = await this.ask('Sync', { versions: {} });
    const [roster] = syncedSchema.parse(data).rosters;
    if (roster === undefined) throw new Error(`${this.username} is in no room`);
    return roster;
  }

  /** Has the tracker introduce this device and the online devices of an account to each other. */
  meet = ({ account }: Pick<Caller, 'account'>): Promise<Response> =>
    this.ask('PRIVATE', { accounts: [account] });

  /** The tracker's introduction of this device for the online device `other`; it is not delivered. */
  async introductionTo(other: Caller): Promise<{ readonly signed: Signed; readonly value: Introduction }> {
    const all = await this.tracker.captureIntroductions(() => this.meet(other));
    for (const signed of all) {
      const value = readIntroduction(this.tracker.key, signed);
      if (value.to === other.device) return { signed, value };
    }
    throw new Error(`${this.username} was not introduced`);
  }
}
