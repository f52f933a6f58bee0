// The keys of the ward view: "/" searches, j and k or the arrows move from patient to patient, Enter opens.

const STEPS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

/** Listens until what it returns is called. */
export function listenToKeys({ list, toolbar }) {
  const handle = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "/") toolbar.search();
    else if (!(event.key in STEPS) || !list.move(STEPS[event.key])) return;
    event.preventDefault();
  };
  document.addEventListener("keydown", handle);
  return () => document.removeEventListener("keydown", handle);
}

function isTyping(target) {
  return target.closest("input, select, textarea, dialog, [role='dialog'], summary, details") !== null;
}
