// Which calls were heard already: told apart by alert and revision, for numbers begin anew with each run of the server.

const FORGET_AFTER = 2_000;

/** Remembers the newest calls. */
export class KnownCalls {
  #known = new Set();

  /** Remembers these calls and returns those that are new. */
  take(calls) {
    const fresh = calls.filter((call) => !this.#known.has(identity(call)));
    for (const call of fresh) this.#remember(identity(call));
    return fresh;
  }

  #remember(call) {
    this.#known.add(call);
    if (this.#known.size > FORGET_AFTER) this.#known.delete(this.#known.values().next().value);
  }
}

function identity(call) {
  return `${call.alert.alert_id}.${call.alert.revision}`;
}
