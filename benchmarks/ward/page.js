// Looks on, from inside the page: what it shows when, and what holds it up. It runs before the page's own scripts.

(() => {
  const PRESSURE = 3; // The place of the systolic pressure among the parts of NEWS2,
  const RATE = 4; // and of the heart rate.
  const inViewSince = new Map();
  const changed = new Set();
  let isFrameAsked = false;

  const bench = {
    /** [patient, what is shown of the rate and the pressure, when the frame after it began, since when the row is in view]. */
    shown: [],
    firstRow: null,
    allRows: null,
    longTasks: [],
    interactions: [],
    /** Since when each patient's row has been in view, as far as it is now. */
    inView: () => Object.fromEntries(inViewSince),
  };
  window.vigilBench = bench;

  const inView = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) {
        if (isIntersecting) inViewSince.set(target.dataset.patient, Date.now());
        else inViewSince.delete(target.dataset.patient);
      }
    },
    { threshold: 1 },
  );

  function noteShown() {
    isFrameAsked = false;
    for (const row of changed) {
      const since = inViewSince.get(row.dataset.patient);
      const values = row.querySelectorAll(".part-value");
      if (since === undefined || values.length === 0) continue;
      const [rate, pressure] = [RATE, PRESSURE].map((place) => values[place].textContent);
      bench.shown.push([row.dataset.patient, rate, pressure, Date.now(), since]);
    }
    changed.clear();
    bench.firstRow ??= document.querySelector(".rows .patient-link") && performance.now();
    if (bench.allRows === null && bench.firstRow !== null && !document.querySelector(".rows .row:empty")) {
      bench.allRows = performance.now();
    }
  }

  new MutationObserver((mutations) => {
    for (const { target, addedNodes } of mutations) {
      const row = (target.closest ? target : target.parentElement)?.closest("[data-patient]");
      if (row) changed.add(row);
      for (const node of addedNodes) if (node.dataset?.patient && node.matches(".row")) inView.observe(node);
    }
    if (!isFrameAsked) requestAnimationFrame(noteShown);
    isFrameAsked = true;
  }).observe(document, { subtree: true, childList: true, characterData: true });

  const keep = (kept, what, counts) =>
    new PerformanceObserver((list) => {
      kept.push(...list.getEntries().filter(counts).map(({ duration }) => duration));
    }).observe(what);
  keep(bench.longTasks, { type: "longtask" }, () => true);
  keep(bench.interactions, { type: "event", durationThreshold: 16 }, ({ interactionId }) => interactionId > 0);
})();
