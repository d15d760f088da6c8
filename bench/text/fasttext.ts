/**
 * The fasttext command, one-threaded and at its best: texts are cut and lowered for it beforehand, reading its model is taken off,
 * answers go nowhere. Its CPU time is what the shell's `times` says of its children.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Rate } from "./clock.ts";
import type { Missing } from "./peers.ts";
import type { SignRow } from "./texts.ts";

export interface FastText {
  readonly rate: Rate;
  readonly answers: (texts: readonly string[]) => readonly string[];
  readonly close: () => void;
}

export const FAST_TEXT = "fastText";
/** Lines of a measurement: about a second. */
const LINES = 200_000;
const LABEL = "__label__";

/** Words, single Han characters and marks, in lower case, with blanks between. */
const cut = (text: string): string =>
  [
    ...text
      .toLowerCase()
      .matchAll(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}'])+|[^\s\p{L}\p{N}]/gu),
  ]
    .map(([piece]) => piece)
    .join(" ");

/** CPU seconds of a command whose output nobody reads. */
const cpuOf = (command: readonly string[]): number => {
  const shown = execFileSync("sh", ["-c", '"$@" > /dev/null; times', "sh", ...command], {
    encoding: "utf8",
  });
  const [, children = ""] = shown.split("\n");
  return [...children.matchAll(/(\d+)m([\d.]+)s/gu)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
};

const rateBy = (folder: string, model: string): Rate => {
  const files = new Map<readonly string[], string>();
  const one = join(folder, "one.txt");
  writeFileSync(one, "good\n");
  const fileOf = (texts: readonly string[]): string => {
    const known = files.get(texts);
    if (known !== undefined) return known;
    const path = join(folder, `texts-${files.size}.txt`);
    const lines = texts.map(cut);
    const all = Array.from({ length: LINES }, (_, index) => lines[index % lines.length]);
    writeFileSync(path, `${all.join("\n")}\n`);
    files.set(texts, path);
    return path;
  };
  return (texts) => {
    const path = fileOf(texts);
    const opening = cpuOf(["fasttext", "predict", model, one]);
    return LINES / (cpuOf(["fasttext", "predict", model, path]) - opening);
  };
};

/** Trained on the rows' signs: default settings with pairs of words and 25 rounds; one thread, so that it comes out the same every time. */
export const fastTextPeer = (rows: readonly SignRow[]): FastText | Missing => {
  if (spawnSync("fasttext", ["help"]).error !== undefined)
    return { name: FAST_TEXT, command: "apt-get install -y fasttext" };
  const folder = mkdtempSync(join(tmpdir(), "attune-bench-"));
  const input = join(folder, "train.txt");
  writeFileSync(input, rows.map(({ text, sign }) => `${LABEL}${sign} ${cut(text)}\n`).join(""));
  const output = join(folder, "model");
  const settings = ["-wordNgrams", "2", "-epoch", "25", "-thread", "1", "-verbose", "0"];
  execFileSync("fasttext", ["supervised", "-input", input, "-output", output, ...settings], {
    stdio: "ignore",
  });
  const model = `${output}.bin`;
  return {
    rate: rateBy(folder, model),
    answers: (texts) => {
      const path = join(folder, "asked.txt");
      writeFileSync(path, texts.map((text) => `${cut(text)}\n`).join(""));
      const said = execFileSync("fasttext", ["predict", model, path], { encoding: "utf8" });
      return said
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(LABEL.length));
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};
