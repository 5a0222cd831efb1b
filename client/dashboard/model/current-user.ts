// Who is logged in at this terminal, as far as it matters whether that is still the same person.

export class CurrentUser {
  #last: string | null = null;
  #isGone = false;

  /** Whether anybody has been logged in since the start. */
  get wasEverLoggedIn(): boolean {
    return this.#last !== null;
  }

  /** Whether somebody else has come since it was asked last. A new name while one is logged in makes nobody else. */
  isOther(username: string | null): boolean {
    const isOther = this.#isGone && this.#last !== null && username !== null && username !== this.#last;
    this.#isGone = username === null;
    this.#last = username ?? this.#last;
    return isOther;
  }
}
