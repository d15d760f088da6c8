/** `attune evaluate text --model MODEL --data FILE`: honest figures of a trained text model on labelled lines, as JSON, a table or a page. */
import { readClassifier } from "../core/text/classifier-file.ts";
import { answererOf } from "../core/text/classify.ts";
import { evaluateAnswers, type Evaluation } from "../core/text/scoring.ts";
import { AttuneError } from "../errors.ts";
import { type AnsweredText, evaluationPage } from "./evaluation-page.ts";
import { readWhole, writeWhole } from "./files.ts";
import { startProgress } from "./progress.ts";
import { openReader, readLabelledFile } from "./text-models.ts";
import type { Call, Exit } from "./terminal.ts";
import { figure } from "./words.ts";

export interface EvaluateOptions {
  readonly model: string;
  readonly data: string;
  /** HTML file with the confusion matrix and the errors. */
  readonly page?: string;
}

const EVERY = 200;

const openAnswerer = (home: string, path: string) => {
  const read = readClassifier(readWhole(path), path);
  const answerer =
    read.kind === "faulty"
      ? read
      : answererOf(read.value.model, { reader: openReader(home), place: path });
  if (answerer.kind === "sound") return answerer.value;
  throw new AttuneError("INPUT_INVALID", `${path} is not a model that can be evaluated`, {
    faults: answerer.faults,
  });
};

const asText = (evaluation: Evaluation, docsPerSecond: number): string =>
  [
    `${evaluation.n.toLocaleString("en")} texts: accuracy ${figure(evaluation.accuracy * 100, 1)} %, macro-F1 ${figure(evaluation.macroF1 * 100, 1)} %`,
    `confidence is off by ${figure(evaluation.calibrationError * 100, 1)} %; ${figure(evaluation.coverage * 100, 1)} % of the texts are in scope`,
    `${docsPerSecond.toLocaleString("en")} texts a second`,
  ].join("\n");

export const evaluate = async (
  { context, terminal }: Call,
  options: EvaluateOptions,
): Promise<Exit> => {
  const answer = openAnswerer(context.home, options.model);
  const { rows } = readLabelledFile(options.data);
  const bar = startProgress(terminal, { title: "reading", total: rows.length, unit: "texts" });
  const answers: AnsweredText[] = [];
  const startedMs = performance.now();
  for (const [index, { text, labels }] of rows.entries()) {
    if (index % EVERY === 0) bar.update(index, index);
    answers.push({ text, truth: labels, ...answer(text) });
  }
  const seconds = (performance.now() - startedMs) / 1000;
  bar.stop();
  const docsPerSecond = Math.round(rows.length / Math.max(1e-6, seconds));
  const evaluation = evaluateAnswers(answers);
  if (options.page !== undefined)
    writeWhole(options.page, evaluationPage({ model: options.model, evaluation, answers }));
  const wrote = options.page === undefined ? "" : `\nwrote ${options.page}`;
  terminal.out(
    context.json
      ? JSON.stringify({ ...evaluation, docsPerSecond })
      : asText(evaluation, docsPerSecond) + wrote,
  );
  return 0;
};
