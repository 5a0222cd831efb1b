// A terminal as the tracker of these specs sees it.
import type { DeviceId } from '../../../../core/ids.js';
import type { Candidate } from '../../../../core/protocol/candidate.js';
import type { Signed } from '../../../../core/protocol/signed/signed.js';
import type { Person } from '../../../../core/protocol/signed/statements.js';

export interface Client {
  readonly device: DeviceId;
  readonly person: Person;
  readonly isOnline: boolean;
  addresses: readonly Candidate[];
  onNotice(signed: Signed): void;
  onIntroduction(signed: Signed): void;
}
