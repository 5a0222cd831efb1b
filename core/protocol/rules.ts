// The rules that cause events without an actor, as sentences for people.

const LEFT = 'the last admin left';
const SUCCESSIONS: Readonly<Record<string, string>> = {
  left: LEFT,
  steppedDown: 'the last admin stepped down',
  absent: 'all admins were away for too long',
  removed: 'the operator removed the last admin',
  demoted: 'the operator demoted the last admin',
};

const RULES: Readonly<Record<string, (because: string) => string | null>> = {
  // Events of version 1 had only one cause.
  AdminSucceeded: (because) => SUCCESSIONS[because] ?? LEFT,
  MemberLeft: (because) => (because === 'disabled' ? 'the account was disabled' : null),
};

/** The reason of an event that followed from a rule; null if an account caused the event. @param because as in the event's payload */
export const ruleOf = (type: string, because: string): string | null =>
  Object.hasOwn(RULES, type) ? (RULES[type]?.(because) ?? null) : null;
