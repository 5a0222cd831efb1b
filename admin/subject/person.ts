// An account as commands show it: by its id, the name that it had at the moment, and its name now if that differs.
import type { Names } from './names.js';

export interface Person {
  readonly account: string;
  /** Null if the account had no name at the moment, or the name was redacted. */
  readonly name: string | null;
  readonly nameNow: string | null;
}

export async function personAt(
  names: Names,
  account: string,
  position: number,
  end: number,
): Promise<Person> {
  const name = await names.ofAccount(account, position);
  return { account, name, nameNow: await names.ofAccount(account, end) };
}

/** `@alice`, `@alice (now @zoe)`, or the id of an account without a name. */
export function personText({ account, name, nameNow }: Person): string {
  const then = name === null ? account : `@${name}`;
  return nameNow === null || nameNow === name ? then : `${then} (now @${nameNow})`;
}
