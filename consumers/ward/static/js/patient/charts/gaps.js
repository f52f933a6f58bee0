// Where nothing was measured nothing is drawn: finds the gaps of a course and puts null into them.

const TIMES_THE_USUAL = 3;
const LEAST_SECONDS = 60;

/** How long after a value the next must come for a line between them, in seconds. */
export function longest(at, step) {
  const waits = at.slice(1).map((time, index) => time - at[index]);
  waits.sort((one, other) => one - other);
  const usual = waits.length ? waits[Math.floor((waits.length - 1) / 2)] : 0;
  return Math.max(TIMES_THE_USUAL * usual, TIMES_THE_USUAL * step, LEAST_SECONDS);
}

/** The columns of a chart, times first, with a row of nulls in each gap of over `limit` seconds. */
export function parted(at, columns, limit) {
  const rows = [[], ...columns.map(() => [])];
  at.forEach((time, index) => {
    if (index > 0 && time - at[index - 1] > limit) {
      rows[0].push((time + at[index - 1]) / 2);
      for (const row of rows.slice(1)) row.push(null);
    }
    rows[0].push(time);
    columns.forEach((column, place) => rows[place + 1].push(column[index]));
  });
  return rows;
}

/** The columns with each row standing until the next, but at most `limit` seconds, and the last until `end`. */
export function held(at, columns, limit, end) {
  const rows = [[], ...columns.map(() => [])];
  const put = (time, index) => {
    rows[0].push(time);
    columns.forEach((column, place) => rows[place + 1].push(index === null ? null : column[index]));
  };
  at.forEach((time, index) => {
    const next = at[index + 1] ?? Math.max(end, time);
    put(time, index);
    if (next - time <= limit) {
      if (index === at.length - 1 && next > time) put(next, index);
      return;
    }
    put(time + limit, index);
    if (index < at.length - 1) put((time + limit + next) / 2, null);
  });
  return rows;
}
