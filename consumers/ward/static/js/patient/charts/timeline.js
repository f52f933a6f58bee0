// Which stretch of time the charts show, as arithmetic alone; times are seconds since 1970.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The stretches that a button each offers, by the name under which their words stand. */
export const RANGES = [
  { name: "30min", seconds: 30 * MINUTE },
  { name: "2h", seconds: 2 * HOUR },
  { name: "8h", seconds: 8 * HOUR },
  { name: "24h", seconds: DAY },
  { name: "7d", seconds: 7 * DAY },
  { name: "4w", seconds: 28 * DAY },
];

/** The shortest and the longest stretch that can be shown. */
export const LEAST = MINUTE;
export const MOST = 28 * DAY;

/** The newest so many seconds, which goes on as time does. */
export function newest(seconds) {
  return { seconds: within(seconds), until: null };
}

/** From when until when a stretch is shown at `now`. */
export function bounds(stretch, now) {
  const until = stretch.until ?? now;
  return { from: until - stretch.seconds, until };
}

/** What lies between two times, in whichever order; what reaches past `now` goes on with it. */
export function between(one, other, now) {
  const until = Math.max(one, other);
  return ended(until - Math.min(one, other), until, now);
}

/** `factor` times as long a stretch around the same middle; one that goes on with time keeps its end. */
export function zoomed(stretch, factor, now) {
  const seconds = within(stretch.seconds * factor);
  if (stretch.until === null) return newest(seconds);
  return ended(seconds, stretch.until + (seconds - stretch.seconds) / 2, now);
}

/** The stretch moved by a share of its length, back if below 0, never past now. */
export function moved(stretch, share, now) {
  return ended(stretch.seconds, bounds(stretch, now).until + share * stretch.seconds, now);
}

function ended(seconds, until, now) {
  return { seconds: within(seconds), until: until >= now ? null : until };
}

function within(seconds) {
  return Math.min(Math.max(seconds, LEAST), MOST);
}
