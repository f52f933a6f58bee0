// Tones for calls by their priority after IEC 60601-1-8, only once somebody has asked for them.

import { live } from "/static/js/live.js";
import { PRIORITIES } from "/static/js/marks.js";

const REMEMBERED = "vigil.sound";
const C = 523.25;
const E = 659.25;
const HARMONICS = [0, 1, 0.6, 0.4, 0.25, 0.15];
const LOUDNESS = 0.35;
const RISE_SECONDS = 0.02;

/** Of each priority when its pulses begin, how long one is (seconds) and how high (hertz): 5 + 5, 3, and 2 pulses. */
const BURSTS = {
  high: { at: [0, 0.25, 0.5, 1, 1.25, 2.1, 2.35, 2.6, 3.1, 3.35], long: 0.15, pitch: () => C },
  medium: { at: [0, 0.4, 0.8], long: 0.2, pitch: () => C },
  low: { at: [0, 0.4], long: 0.2, pitch: (i) => (i === 0 ? E : C) },
};

const listeners = new Set();
let context = null;
let playing = null;
let isWanted = localStorage.getItem(REMEMBERED) === "on";

export const sound = {
  /** "on", "off", or "blocked": wanted, but the browser waits for a click. */
  state() {
    if (!isWanted) return "off";
    return context?.state === "running" ? "on" : "blocked";
  },

  /** Turns sound on or off, on a click. */
  async toggle() {
    isWanted = sound.state() !== "on";
    localStorage.setItem(REMEMBERED, isWanted ? "on" : "off");
    if (isWanted) await wake();
    else stop();
    tell();
    if (isWanted) play("low");
  },

  /** Calls `listener` when the state changes; returns what ends that. */
  on(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Sounds for calls from now on, where sound is on. */
export function startSound() {
  live.on("calls", ({ fresh }) => {
    const urgent = PRIORITIES.find((priority) => fresh.some((call) => call.alert.priority === priority));
    if (urgent !== undefined && sound.state() === "on") play(urgent);
  });
  const resume = () => {
    if (sound.state() === "blocked") wake().then(tell);
  };
  document.addEventListener("pointerdown", resume);
  document.addEventListener("keydown", resume);
}

async function wake() {
  context ??= new AudioContext();
  context.onstatechange = tell;
  await context.resume();
}

/** Sounds one burst; the more urgent one takes the place of the other, the less urgent one is not heard. */
function play(priority) {
  const isBusy = playing !== null && context.currentTime < playing.until;
  if (isBusy && PRIORITIES.indexOf(playing.priority) <= PRIORITIES.indexOf(priority)) return;
  stop();
  const { at, long, pitch } = BURSTS[priority];
  const begin = context.currentTime + 0.05;
  const out = new GainNode(context, { gain: LOUDNESS });
  out.connect(context.destination);
  at.forEach((after, i) => pulse(out, begin + after, long, pitch(i)));
  playing = { priority, out, until: begin + at.at(-1) + long };
}

function stop() {
  playing?.out.disconnect();
  playing = null;
}

function pulse(out, from, long, frequency) {
  const wave = context.createPeriodicWave(new Float32Array(HARMONICS.length), new Float32Array(HARMONICS));
  const tone = new OscillatorNode(context, { frequency, periodicWave: wave, type: "custom" });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(1, from + RISE_SECONDS);
  gain.gain.setValueAtTime(1, from + long - RISE_SECONDS);
  gain.gain.linearRampToValueAtTime(0, from + long);
  tone.connect(gain).connect(out);
  tone.start(from);
  tone.stop(from + long);
}

function tell() {
  for (const listener of listeners) listener();
}
