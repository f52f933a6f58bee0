// Whether the order of rows must not change just now, because somebody is about to press one of them.

const IDLE_MS = 30_000;
const TOUCH_MS = 4_000;

/**
 * Holds while the pointer is over `area` or a row has focus, and for some seconds after a touch.
 *
 * A pointer or focus left lying there holds for 30 s without a move or a key: else a wall screen would never rank anew.
 */
export class Hold {
  #isOver = false;
  #hasFocus = false;
  #until = 0;
  #timer = null;
  #released;
  #leaving = new AbortController();

  /** Calls `released` when a hold ends. */
  constructor(area, released) {
    this.#released = released;
    const options = { signal: this.#leaving.signal, passive: true };
    const listen = (name, handle) => area.addEventListener(name, handle, options);
    listen("pointermove", (event) => this.#move(event));
    listen("pointerleave", () => this.#set({ isOver: false }));
    listen("touchstart", () => this.#extend(TOUCH_MS));
    listen("touchmove", () => this.#extend(TOUCH_MS));
    listen("focusin", () => this.#set({ hasFocus: true }));
    listen("focusout", () => this.#set({ hasFocus: false }));
    listen("keydown", () => this.#set({}));
  }

  /** Whether the order must not change now. */
  isHeld() {
    return performance.now() < this.#until;
  }

  /** Ends a hold, as somebody wishes, until the next move. */
  release() {
    this.#isOver = false;
    this.#hasFocus = false;
    this.#end();
  }

  /** Listens no more. */
  close() {
    this.#leaving.abort();
    clearTimeout(this.#timer);
  }

  #move({ pointerType }) {
    if (pointerType === "touch") return;
    this.#set({ isOver: true });
  }

  #set({ isOver = this.#isOver, hasFocus = this.#hasFocus }) {
    const wasHeld = this.isHeld();
    this.#isOver = isOver;
    this.#hasFocus = hasFocus;
    if (isOver || hasFocus) return this.#extend(IDLE_MS);
    return wasHeld ? this.#end() : undefined;
  }

  #extend(forMs) {
    this.#until = performance.now() + forMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), forMs + 50);
  }

  #end() {
    this.#until = 0;
    clearTimeout(this.#timer);
    this.#released();
  }
}
