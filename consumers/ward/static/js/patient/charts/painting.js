// What is painted on a chart beside its lines: alerts as stretches, outcomes and pauses, limits, each with its word.

import { signName } from "/static/js/marks.js";
import { t } from "/static/js/words.js";

import { colour, font } from "./palette.js";

const SHAPES = { high: "▲", medium: "◆", low: "●", outcome: "■", pause: "❚❚" };
const TAB_PIXELS = 5;
const TEXT_PIXELS = 11;

/** Hooks that paint `marks()` behind the lines and `lines()` ({at, words}, across, by value) before them. */
export function painted({ marks, lines, until }) {
  return {
    drawClear: [
      (drawn) => clipped(drawn, (context) => marks().forEach((each) => stretch(drawn, context, each, until()))),
    ],
    draw: [
      (drawn) =>
        clipped(drawn, (context) => {
          lines().forEach((line) => across(drawn, context, line));
          marks().forEach((each) => word(drawn, context, each, until()));
        }),
    ],
  };
}

/** What a mark is, in words. */
export function markWords(mark) {
  if (mark.kind === "outcome") return t(`patient.outcomes.${mark.title}`);
  if (mark.kind === "pause") return t("patient.charts.pause");
  return t(
    "patient.charts.alert",
    { priority: t(`common.priority.${mark.priority}`), what: signName(mark.code, mark.title) },
  );
}

function clipped(drawn, paint) {
  const context = drawn.ctx;
  const { left, top, width, height } = drawn.bbox;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  paint(context);
  context.restore();
}

function name(mark) {
  return mark.kind === "alert" ? mark.priority : mark.kind;
}

function edges(drawn, mark, until) {
  const from = drawn.valToPos(mark.at, "x", true);
  const end = mark.until ?? (mark.kind === "outcome" ? mark.at : until);
  return { from, width: Math.max(drawn.valToPos(end, "x", true) - from, devicePixelRatio) };
}

function stretch(drawn, context, mark, until) {
  const { from, width } = edges(drawn, mark, until);
  const { top, height } = drawn.bbox;
  const ink = colour(name(mark));
  context.fillStyle = ink;
  context.globalAlpha = 0.13;
  context.fillRect(from, top, width, height);
  context.globalAlpha = 1;
  context.fillRect(from, top, width, TAB_PIXELS * devicePixelRatio);
  if (mark.kind === "outcome") context.fillRect(from, top, 2 * devicePixelRatio, height);
}

function word(drawn, context, mark, until) {
  const { from, width } = edges(drawn, mark, until);
  const short = mark.kind === "alert" ? t(`common.priority.${mark.priority}`) : markWords(mark);
  const text = `${SHAPES[name(mark)]} ${short}`;
  context.font = font(TEXT_PIXELS, devicePixelRatio);
  const { left, top } = drawn.bbox;
  const room = mark.kind === "outcome" ? Infinity : width;
  const needed = context.measureText(text).width + 6 * devicePixelRatio;
  const shown = needed <= room ? text : SHAPES[name(mark)];
  const isAtEdge = mark.kind === "outcome" && from + needed > left + drawn.bbox.width;
  const start = isAtEdge ? from - needed : Math.max(from, left) + 3 * devicePixelRatio;
  const down = (TAB_PIXELS + 2 + (mark.kind === "alert" ? 0 : TEXT_PIXELS + 2)) * devicePixelRatio;
  written(context, shown, start, top + down, "top");
}

function across(drawn, context, line) {
  const at = Math.round(drawn.valToPos(line.at, "y", true));
  const { left, width } = drawn.bbox;
  context.strokeStyle = colour("limit");
  context.lineWidth = devicePixelRatio;
  context.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  context.beginPath();
  context.moveTo(left, at);
  context.lineTo(left + width, at);
  context.stroke();
  context.setLineDash([]);
  context.font = font(TEXT_PIXELS, devicePixelRatio);
  written(
    context,
    line.words,
    left + 4 * devicePixelRatio,
    at + (line.isAbove ? -2 : 2) * devicePixelRatio,
    line.isAbove ? "bottom" : "top",
  );
}

/** Text with an edge of the background, so that it can be read across lines. */
function written(context, text, left, top, baseline) {
  context.textBaseline = baseline;
  context.textAlign = "left";
  context.lineJoin = "round";
  context.lineWidth = 3 * devicePixelRatio;
  context.strokeStyle = colour("background");
  context.strokeText(text, left, top);
  context.fillStyle = colour("text");
  context.fillText(text, left, top);
}
