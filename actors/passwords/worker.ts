// The worker thread that runs bcrypt. It does not know accounts.
import { compare, hash } from 'bcryptjs';

export type HashingTask =
  | { readonly kind: 'hash'; readonly password: string; readonly cost: number }
  | { readonly kind: 'compare'; readonly password: string; readonly hash: string };

export type HashingResult = { readonly hash: string } | { readonly isMatch: boolean };

export default async function work(task: HashingTask): Promise<HashingResult> {
  if (task.kind === 'hash') return { hash: await hash(task.password, task.cost) };
  return { isMatch: await compare(task.password, task.hash) };
}
