// The user who is logged in at this terminal. It detects the login of another user.

export class CurrentUser {
  #last: string | null = null;
  #isLoggedOut = false;

  /** Whether anybody has been logged in since the start. */
  get wasEverLoggedIn(): boolean {
    return this.#last !== null;
  }

  /**
   * Whether another user has logged in since the last call. If the name changed without a logout, the same user was renamed.
   * @param username the user logged in now; null for nobody
   */
  isOther(username: string | null): boolean {
    const isOther = this.#isLoggedOut && this.#last !== null && username !== null && username !== this.#last;
    this.#isLoggedOut = username === null;
    this.#last = username ?? this.#last;
    return isOther;
  }
}
