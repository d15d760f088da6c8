/** Texts that slow readers down more than they grow: one shape of a few units, over and over. */
import type { Detail } from "../../src/core/text/analyse.ts";
import { cpuSeconds, median } from "./clock.ts";

/** Milliseconds for the longest text that attune accepts, and that time beside the time for half of the text: the larger one of both details. */
export interface ShapeTime {
  readonly shape: string;
  readonly ms: Readonly<Record<Detail, number>>;
  readonly growth: number;
}

export type Analyse = (text: string, detail: Detail) => unknown;

export const SHAPE_CHARS = 20_000;

/** Rare Han characters in no order: no dictionary has words for them. */
const garbage = (chars: number): string => {
  let state = 1;
  let text = "";
  for (let at = 0; at < chars; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += String.fromCharCode(0x4e00 + ((state >>> 8) % 0x51a5));
  }
  return text;
};

const SHAPES: Readonly<Record<string, string | ((chars: number) => string)>> = {
  "one long word": "a",
  "one valued word": "good ",
  "negators only": "not ",
  "a contrast a clause": "good, but bad. ",
  "one Han character": "好",
  "Chinese garbage": garbage,
  "traditional Chinese": "這個沒有壞，",
  "scripts by turns": "a好",
  "digits only": "1",
  "almost a phone number": "138-0013-",
  "almost an address": "a.a@",
  "almost a link": "http://www.",
  "emoji only": "😀",
  "combining marks": "é\u0301\u0323",
  "question and exclamation marks": "!?",
};

const textOf = (shape: string, chars: number): string => {
  const made = SHAPES[shape] ?? "";
  if (typeof made === "function") return made(chars);
  return made.repeat(Math.ceil(chars / made.length)).slice(0, chars);
};

const secondsOf = (work: () => unknown): number => {
  const from = cpuSeconds();
  work();
  return cpuSeconds() - from;
};

interface Timed {
  readonly ms: number;
  readonly growth: number;
}

/** Medians of `rounds` after two that do not count. */
const timeOne = (
  analyse: Analyse,
  shape: string,
  how: { readonly detail: Detail; readonly rounds: number },
): Timed => {
  const whole = textOf(shape, SHAPE_CHARS);
  const half = textOf(shape, SHAPE_CHARS / 2);
  const times = Array.from({ length: how.rounds + 2 }, () => ({
    half: secondsOf(() => analyse(half, how.detail)),
    whole: secondsOf(() => analyse(whole, how.detail)),
  })).slice(2);
  const took = median(times.map((time) => time.whole));
  return { ms: took * 1000, growth: took / median(times.map((time) => time.half)) };
};

export const timeShapes = (analyse: Analyse, rounds: number): readonly ShapeTime[] =>
  Object.keys(SHAPES).map((shape) => {
    const labels = timeOne(analyse, shape, { detail: "labels", rounds });
    const cues = timeOne(analyse, shape, { detail: "cues", rounds });
    return {
      shape,
      ms: { labels: labels.ms, cues: cues.ms },
      growth: Math.max(labels.growth, cues.growth),
    };
  });
