/**
 * Reading feedback: texts per second beside other packages on the same short texts, a single classifier beside fastText, texts made to be slow,
 * and start-up. One process, CPU time, contestants by turns, medians. What is timed comes from the build, because tsx makes it a fifth slower.
 *
 *   npm run bench:text                  one table
 *   npm run bench:text -- --json        the same figures as JSON
 *   npm run bench:text -- --rounds 9    rounds beside one that does not count (default 5)
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { TextReader } from "../src/core/text/reader.ts";
import { readPlaybookFiles } from "../src/work/publish.ts";
import { usable } from "../src/work/training-input.ts";
import { type Build, openBuild } from "./text/build.ts";
import { median, rateOf } from "./text/clock.ts";
import { FAST_TEXT, type FastText, fastTextPeer } from "./text/fasttext.ts";
import {
  type Contestant,
  type Missing,
  naturalPeer,
  sentimentPeer,
  winkPeer,
} from "./text/peers.ts";
import { printReport, type Rates, type Report } from "./text/report.ts";
import { timeShapes } from "./text/shapes.ts";
import { compareSingle } from "./text/single.ts";
import { timeStartUp } from "./text/start-up.ts";
import { type BenchTexts, readBenchTexts, SETS } from "./text/texts.ts";

const HOME = join(import.meta.dirname, "..");

const isMissing = (peer: Contestant | FastText | Missing): peer is Missing => "command" in peer;

/** Rates by contestant and set; each round measures all of them. The first round warms up. */
const race = (
  contestants: readonly Contestant[],
  { short }: BenchTexts,
  rounds: number,
): readonly Rates[] => {
  const measured = contestants.map(({ name, sets }) => ({
    name,
    sets,
    rates: { en: [] as number[], zh: [] as number[], mixed: [] as number[] },
  }));
  for (let round = 0; round <= rounds; round += 1)
    for (const set of SETS)
      for (const [index, { sets, rate }] of contestants.entries()) {
        if (!sets.includes(set)) continue;
        const own = rate(short[set]);
        if (round > 0) measured[index]?.rates[set].push(own);
      }
  return measured.map(({ name, sets, rates }) => ({
    name,
    rates: Object.fromEntries(sets.map((set) => [set, median(rates[set])])),
  }));
};

const ours = ({ analyse }: Build, reader: TextReader): readonly Contestant[] =>
  (["labels", "cues"] as const).map((detail) => ({
    name: `attune: analyse, ${detail}`,
    sets: SETS,
    rate: rateOf((text) => analyse(text, reader, detail)),
  }));

const measureAll = async (rounds: number): Promise<Report> => {
  const build = await openBuild(HOME);
  const texts = readBenchTexts(HOME);
  const reader = usable(build.openTextReader(readPlaybookFiles(HOME)), "the models");
  const fastText = fastTextPeer(texts.train);
  const wink = winkPeer();
  const contestants = [
    ...ours(build, reader),
    naturalPeer(texts.train),
    sentimentPeer(),
    ...(isMissing(wink) ? [] : [wink]),
    ...(isMissing(fastText) ? [] : [{ name: FAST_TEXT, sets: SETS, rate: fastText.rate }]),
  ];
  try {
    return {
      node: process.version,
      rounds,
      texts: SETS.map((set) => ({ set, count: texts.short[set].length })),
      missing: [wink, fastText].filter(isMissing),
      rates: race(contestants, texts, rounds),
      single: compareSingle(texts, isMissing(fastText) ? null : fastText, {
        build,
        reader,
        rounds,
      }),
      shapes: timeShapes((text, detail) => build.analyse(text, reader, detail), rounds),
      startUp: timeStartUp(HOME),
    };
  } finally {
    if (!isMissing(fastText)) fastText.close();
  }
};

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, json: { type: "boolean", default: false } },
});
printReport(await measureAll(Number(values.rounds)), values.json);
