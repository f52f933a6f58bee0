// One patient's row: built once, then only what changed is touched.

import { fill, h, mark, say } from "/static/js/dom.js";
import { clock, interval, value } from "/static/js/format.js";
import { levelMark, PARTS, sentence, SIGNAL_SHAPES, signName } from "/static/js/marks.js";
import { patientAddress } from "/static/js/router.js";
import { t } from "/static/js/words.js";
import { Ages } from "/static/js/ward/ages.js";
import { alertLines, fingerprint } from "/static/js/ward/alert_lines.js";
import { mostUrgent } from "/static/js/ward/order.js";
import { PartCell } from "/static/js/ward/part_cell.js";

const TRENDS = [
  { holds: (change) => change > 0, arrow: "↑", word: "worse" },
  { holds: (change) => change < 0, arrow: "↓", word: "better" },
  { holds: () => true, arrow: "→", word: "same" },
];

/** What a row shows, in the row element `node` that the list gives it. */
export class RowView {
  #ages = new Ages();
  #place = h("span", { class: "place" });
  #name = h("span", { class: "patient-name" });
  #interval = h("span", { class: "interval number" });
  #level = h("span");
  #known = h("span", { class: "score-note" });
  #trend = cell("trend");
  #parts = PARTS.map((part) => ({ part, cell: new PartCell(part) }));
  #signs = cell("signs");
  #alerts = cell("alerts");
  #signal = cell("signal");
  #seen = new Map();

  constructor(node, patientId) {
    this.node = node;
    this.link = h("a", { class: "patient-link", href: patientAddress(patientId) }, this.#place, " ", this.#name);
    mark(node, "role", "row");
    fill(
      node,
      h("div", { role: "rowheader", class: "cell-patient" }, this.link),
      h("div", { role: "cell", class: "cell-score" }, this.#interval, " ", this.#level, " ", this.#known),
      this.#trend,
      this.#parts.map(({ cell: part }) => part.node),
      this.#signs,
      this.#alerts,
      this.#signal,
    );
  }

  /** Shows a row as it is told now. */
  update(row) {
    mark(this.node, "data-urgent", mostUrgent(row));
    mark(this.node, "data-bare", row.alerts.length === 0 && row.signs.length === 0);
    const place = [row.ward, row.bed].filter((part) => part !== null).join(" · ");
    say(this.#place, place || row.patient_id);
    say(this.#name, place ? row.patient_id : t("ward.row.nowhere"));
    this.#updateScore(row.score);
    for (const { part, cell: shown } of this.#parts) shown.update(row.parts[part], this.#ages, row.spo2_scale);
    this.#whenChanged("signs", JSON.stringify(row.signs), () => this.#fillSigns(row.signs));
    this.#whenChanged("alerts", fingerprint(row.alerts), () => this.#fillAlerts(row.alerts));
    const signal = JSON.stringify([row.signal, row.pause, row.recommendations]);
    this.#whenChanged("signal", signal, () => fill(this.#signal, this.#signalLines(row)));
    this.#ages.keepWithin(this.node);
  }

  /** Says ages anew. */
  tick() {
    this.#ages.tick();
  }

  #whenChanged(name, told, show) {
    if (this.#seen.get(name) === told) return;
    this.#seen.set(name, told);
    show();
  }

  #updateScore(score) {
    const level = score?.level ?? null;
    say(this.#interval, score === null ? "–" : interval(score.known, score.most));
    this.#whenChanged("level", level, () => fill(this.#level, levelMark(level)));
    mark(this.#level, "class", isOpen(score) ? "is-open" : null);
    say(this.#known, scoreNote(score));
    const change = score?.trend ?? null;
    this.#whenChanged("trend", change, () => fill(this.#trend, trend(change)));
  }

  #fillSigns(signs) {
    fill(this.#signs, signs.map((sign) => this.#sign(sign)));
  }

  #fillAlerts(alerts) {
    const none = () => h("span", { class: "muted" }, t("ward.alerts.none"));
    fill(this.#alerts, alerts.length === 0 ? none() : alertLines(alerts, this.#ages));
  }

  #sign(sign) {
    const age = h("span", { class: "part-age" });
    this.#ages.set(age, sign.at);
    const name = h("span", { class: "sign-name" }, signName(sign.code, sign.title));
    return h("div", { class: "sign" }, name, " ", value(sign.value, sign.unit), " ", age);
  }

  #signalLines({ signal, pause, recommendations }) {
    const heard = h("span", { class: "part-age" });
    if (signal.heard_at !== null) this.#ages.set(heard, signal.heard_at);
    const shape = h("span", { "aria-hidden": "true" }, `${SIGNAL_SHAPES[signal.state]} `);
    const word = h("span", { class: "signal-word" }, shape, t(`ward.signal.${signal.state}`));
    return [
      h("div", { class: `signal-state signal-${signal.state}`, title: signal.refused.join("; ") }, word, " ", heard),
      signal.refused.length > 0 && note("signal-note", t("ward.signal.refused", { count: signal.refused.length })),
      pause && note("pause", t("ward.pause", { until: clock(pause.until), by: pause.by }), pause.reason),
      recommendations > 0 && note("advice", t("ward.advice", { count: recommendations })),
    ];
  }
}

function cell(name) {
  return h("div", { role: "cell", class: `cell-${name}` });
}

function note(name, text, title = null) {
  return h("div", { class: name, title }, text);
}

/** Whether a level is known, but what is missing or stale could make it higher. */
function isOpen(score) {
  return score !== null && score.level !== null && score.known !== score.most;
}

function scoreNote(score) {
  if (score === null) return t("ward.score.none");
  if (score.not_applicable !== null) return sentence(score.not_applicable);
  const key = isOpen(score) ? "ward.score.at-least" : "ward.score.known";
  const known = t(key, { completeness: score.completeness ?? "0/7" });
  return [known, ...score.assumed.map(sentence)].join("; ");
}

function trend(change) {
  if (change === null) {
    return h("span", { class: "muted" }, "–", h("span", { class: "visually-hidden" }, t("ward.trend.unknown")));
  }
  const { arrow, word } = TRENDS.find(({ holds }) => holds(change));
  const sign = change > 0 ? "+" : change < 0 ? "−" : "";
  return h(
    "span",
    { class: `trend-${word}` },
    h("span", { "aria-hidden": "true", class: "trend-arrow" }, arrow),
    ` ${sign}${Math.abs(change)} `,
    h("span", { class: "trend-word" }, t(`ward.trend.${word}`)),
  );
}
