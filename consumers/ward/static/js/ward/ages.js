// Ages that tick: each is a node, a time, and how it is said.

import { say } from "/static/js/dom.js";
import { since } from "/static/js/format.js";

/** The ages of one row; what is set again replaces what stood there. */
export class Ages {
  #ages = new Map();

  /** Says how old `at` is in `node` from now on, by `words(age)`. */
  set(node, at, words = (age) => age) {
    this.#ages.set(node, { at, words });
    say(node, words(since(at)));
  }

  /** Says nothing in `node` any more. */
  clear(node) {
    this.#ages.delete(node);
    say(node, "");
  }

  /** Forgets nodes that are no longer part of the row. */
  keepWithin(root) {
    for (const node of this.#ages.keys()) if (!root.contains(node)) this.#ages.delete(node);
  }

  /** Says all ages anew. */
  tick() {
    for (const [node, { at, words }] of this.#ages) say(node, words(since(at)));
  }
}
