// Work that can wait until the browser has nothing else to do; Safari has no word for that.

const SLICE_MS = 8;
const LATER_MS = 30;

/** Calls `work(deadline)` when there is time; returns what cancels that. */
export function whenIdle(work) {
  if (window.requestIdleCallback) {
    const asked = requestIdleCallback(work);
    return () => cancelIdleCallback(asked);
  }
  const asked = setTimeout(() => work({ timeRemaining: () => SLICE_MS }), LATER_MS);
  return () => clearTimeout(asked);
}
