// Starts the page: words first, then the shell, then the ward, and by the address the view.

import { live } from "/static/js/live.js";
import { startRouter } from "/static/js/router.js";
import { applySettings } from "/static/js/settings.js";
import { buildShell } from "/static/js/shell.js";
import { loadWords } from "/static/js/words.js";

applySettings();
await loadWords();
const place = buildShell();
startRouter(place);
live.start();
