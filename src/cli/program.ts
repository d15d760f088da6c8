/**
 * Which commands there are, with their arguments and options; what a command does stands in its own file and is loaded when it is chosen.
 * A wrong call is said in the same two lines as any other error: what is wrong, and what to do.
 */
import { Command, Option } from "commander";
import { AttuneError } from "../errors.ts";
import type { CorrectOptions } from "./correct.ts";
import { addModels } from "./program-models.ts";
import { command, type Json, type Run, wholeNumber } from "./program-options.ts";
import { addRules } from "./program-rules.ts";
import type { Call, Exit, Terminal } from "./terminal.ts";

export interface ProgramOptions {
  readonly version: string;
  readonly terminal: Terminal;
  readonly run: Run;
}

interface TrainFlags {
  readonly data?: string;
  readonly seed: number;
  readonly out?: string;
  readonly task?: string;
  readonly prior?: boolean;
  readonly sets?: string;
  readonly corrections?: string;
  readonly store?: boolean;
  readonly promote?: boolean;
  readonly label?: string;
  readonly positive?: string;
  readonly id?: string;
  readonly folds: number;
  readonly keep?: readonly string[];
  readonly html?: string;
  readonly columns?: string;
  readonly horizon?: number;
}

/** Refuses options where nothing would look at them. */
const checkUse = (task: string, flags: TrainFlags): void => {
  const other = ["table", "language"].find((name) => name === task);
  const option = flags.store === true ? "--store" : flags.task === undefined ? undefined : "--task";
  if (other === undefined && option === undefined) return;
  const where = `leave it out of train ${other ?? `${task} ${option ?? ""}`}`;
  const refuse = (sentence: string): never => {
    throw new AttuneError("USAGE", `${sentence}: ${where}`);
  };
  if (flags.html !== undefined && flags.store !== true) refuse("--html shows models of customers");
  if (flags.columns !== undefined) refuse("--columns declares a file of a history");
  if (flags.horizon !== undefined)
    refuse("--horizon is of churn and spend from a folder or a file");
};

const needed = (value: string | undefined, option: string): string => {
  if (value === undefined)
    throw new AttuneError("USAGE", `train table needs ${option}; see attune train --help`);
  return value;
};

const tableFlags = ({ data, label, positive, id, folds, seed, keep = [], out }: TrainFlags) => ({
  data: needed(data, "--data <file>"),
  label: needed(label, "--label <column>"),
  positive,
  id,
  folds,
  seed,
  keep,
  out,
});

const addProcesses = (program: Command, run: Run): void => {
  command(program, "demo", "decide all fixtures on a clean store and show sample replies").action(
    (options: Json) => run(options, async (call) => (await import("./demo.ts")).demo(call)),
  );
  command(program, "start", "answer HTTP and decide signals, all in this process")
    .option("--watch", "publish changes of rules/ and models/ at once (default when embedded)")
    .option("--no-watch", "leave the published playbook alone")
    .action((options: Json & { watch?: boolean }) =>
      run(options, async (call) => (await import("./start.ts")).start(call, options.watch)),
    );
  command(program, "work", "decide signals only; needs DATABASE_URL").action((options: Json) =>
    run(options, async (call) => (await import("./work.ts")).work(call)),
  );
  command(program, "serve", "answer HTTP only; needs DATABASE_URL").action((options: Json) =>
    run(options, async (call) => (await import("./serve.ts")).serve(call)),
  );
};

const addSignals = (program: Command, run: Run): void => {
  command(program, "enqueue", "store and queue the signals of a JSONL file (- for stdin)")
    .argument("<file>", "one feedback or event as JSON on each line")
    .addOption(
      new Option("--clock <clock>", "which instant is now for a signal: the database's or its own")
        .choices(["database", "signal"])
        .default("database"),
    )
    .action((file: string, options: Json & { clock: "database" | "signal" }) =>
      run(options, async (call) =>
        (await import("./enqueue.ts")).enqueue(call, { file, clock: options.clock }),
      ),
    );
  command(program, "inbox", "show the replies to a customer")
    .argument("<customer>", "id of the customer")
    .option("--after <seq>", "only replies after this place", wholeNumber(0, 1e15), 0)
    .option("--limit <count>", "at most so many", wholeNumber(1, 500), 100)
    .option("--ack", "acknowledge what is shown")
    .action((customer: string, options: Json & { after: number; limit: number; ack?: boolean }) =>
      run(options, async (call) =>
        (await import("./inbox.ts")).inbox(call, {
          ...options,
          customer,
          ack: options.ack === true,
        }),
      ),
    );
  command(program, "explain", "show the whole decision about a signal as a tree")
    .argument("<signal>", "id of the signal")
    .action((signal: string, options: Json) =>
      run(options, async (call) => (await import("./explain.ts")).explain(call, signal)),
    );
};

/** What texts mean, and what people say that they mean. */
const addTexts = (program: Command, run: Run): void => {
  command(program, "correct", "say what feedback really means; the next analysis knows it")
    .argument("<feedback>", "id of decided feedback")
    .option(
      "--sentiment <label>",
      "very_negative, negative, neutral, positive, very_positive or mixed",
    )
    .option("--topic <label...>", "every topic that it is about, the main one first")
    .option(
      "--intent <label>",
      "complaint, question, request, wish, praise, threat_to_leave or other",
    )
    .option("--urgent", "a person should look within the hour")
    .option("--no-urgent", "it can wait")
    .action((id: string, options: Json & CorrectOptions) =>
      run(options, async (call) => (await import("./correct.ts")).correct(call, id, options)),
    );
  command(program, "corrections", "list what was corrected, one labelled text a line").action(
    (options: Json) =>
      run(options, async (call) => (await import("./correct.ts")).corrections(call)),
  );
  command(program, "topics", "what customers begin to speak of that no topic covers")
    .option("--weeks <count>", "weeks back from the newest feedback", wholeNumber(1, 104), 8)
    .option("--texts-min <count>", "fewer texts are no topic", wholeNumber(2, 10_000), 5)
    .action((options: Json & { weeks: number; textsMin: number }) =>
      run(options, async (call) => (await import("./topics.ts")).topics(call, options)),
    );
  command(program, "analyse", "say what texts mean: JSONL {id?, text} on stdin").action(
    (options: Json) => run(options, async (call) => (await import("./analyse.ts")).analyse(call)),
  );
};

/** Loads what trains the task and calls it. */
const runTraining = async (call: Call, task: string, options: TrainFlags): Promise<Exit> => {
  checkUse(task, options);
  return task === "table"
    ? (await import("./tables.ts")).trainOnTable(call, tableFlags(options))
    : options.store === true
      ? (await import("./train-stored.ts")).trainStored(call, {
          task,
          seed: options.seed,
          promote: options.promote === true,
          html: options.html,
        })
      : task === "language"
        ? (await import("./train-language.ts")).trainLanguage(call, options)
        : options.task === undefined
          ? (await import("./train.ts")).train(call, { ...options, task })
          : (await import("./train-task.ts")).trainTask(call, {
              ...options,
              task: options.task,
            });
};

const addTraining = (program: Command, run: Run): void => {
  command(program, "train", "train models and show their scores beside the baselines")
    .addArgument(
      program
        .createArgument("<task>", "what to train")
        .choices(["segments", "churn", "spend", "offers", "text", "language", "all", "table"]),
    )
    .option(
      "--data <path>",
      "folder of the training data (default: fixtures), or a CSV or JSONL file; with --task a JSONL file",
    )
    .option("--columns <declaration>", "of a file: customer=COLUMN,at=COLUMN,…, or a JSON file")
    .option(
      "--horizon <days>",
      "how far churn and spend look ahead (default: 60)",
      wholeNumber(1, 1000),
    )
    .option("--seed <number>", "makes every run the same", wholeNumber(0, 2 ** 31 - 1), 1)
    .option(
      "--out <path>",
      "folder of the model files (default: models; none for a file); with --task the model file",
    )
    .option(
      "--task <name>",
      "text only: train labels of your own from lines {text, label | labels}",
    )
    .option("--prior", "with --task: the shipped feelings as features, for few labels")
    .option("--sets <folder>", "text without --task: public sets that are trained on as well")
    .option("--corrections <file>", "text without --task: what attune corrections printed")
    .option("--label <column>", "table only: what to predict, a column of two values")
    .option("--positive <value>", "table only: the value that counts as yes")
    .option("--id <column>", "table only: what names a customer; such rows stay together")
    .option("--folds <count>", "table only: parts for cross-validation", wholeNumber(2, 50), 5)
    .option("--keep <column...>", "table only: keep columns that look like a leak")
    .option("--html <file>", "models of customers: write a page with charts as well")
    .option("--store", "from what is stored; the model waits beside the one in force")
    .option("--promote", "with --store: put it in force, if it is not worse")
    .action((task: string, options: Json & TrainFlags) =>
      run(options, (call) => runTraining(call, task, options)),
    );
  command(program, "evaluate", "figures of a trained model on labelled data")
    .addArgument(program.createArgument("<kind>", "what kind of model").choices(["text"]))
    .requiredOption("--model <file>", "what attune train text --task wrote")
    .requiredOption("--data <file>", "JSONL of {text, label | labels}")
    .option("--page <file>", "write an HTML page with the confusion matrix and the errors")
    .action((_kind: string, options: Json & { model: string; data: string; page?: string }) =>
      run(options, async (call) => (await import("./evaluate.ts")).evaluate(call, options)),
    );
};

const addTables = (program: Command, run: Run): void => {
  command(program, "predict", "ask a table's model about the rows of a table, with reasons")
    .requiredOption("--model <file>", "what attune train table --out wrote")
    .requiredOption("--data <file>", "CSV or JSON lines (- for stdin)")
    .action((options: Json & { model: string; data: string }) =>
      run(options, async (call) => (await import("./tables.ts")).predict(call, options)),
    );
  command(program, "cluster", "find clusters of the rows of a table")
    .requiredOption("--data <file>", "CSV or JSON lines (- for stdin)")
    .option("--k <count>", "how many clusters (default: chosen from 2 to 10)", wholeNumber(1, 1000))
    .option("--ignore <column...>", "columns that are not looked at")
    .option("--seed <number>", "makes every run the same", wholeNumber(0, 2 ** 31 - 1), 1)
    .action((options: Json & { data: string; k?: number; ignore?: string[]; seed: number }) =>
      run(options, async (call) =>
        (await import("./tables.ts")).cluster(call, { ignore: [], ...options }),
      ),
    );
};

const addOperators = (program: Command, run: Run): void => {
  command(program, "status", "count signals, replies, jobs and dead letters").action(
    (options: Json) => run(options, async (call) => (await import("./status.ts")).status(call)),
  );
  command(program, "dead-letters", "list signals that could not be decided, with the reason")
    .option("--limit <count>", "at most so many", wholeNumber(1, 500), 50)
    .action((options: Json & { limit: number }) =>
      run(options, async (call) =>
        (await import("./dead-letters.ts")).deadLetters(call, options.limit),
      ),
    );
  const customers = program
    .command("customers")
    .description("look after what is remembered of customers");
  command(customers, "rebuild", "fold customers again from stored signals and say what differs")
    .option("--write", "store what differs")
    .action((options: Json & { write?: boolean }) =>
      run(options, async (call) =>
        (await import("./customers-rebuild.ts")).customersRebuild(call, options.write === true),
      ),
    );
};

/** commander's `error: unknown command 'x'\n(Did you mean y?)` in our two lines. */
const asOurs = (text: string): string => {
  const sentence = text
    .replace(/^error: /u, "")
    .trim()
    .replaceAll(/\n+/gu, " ");
  return `attune: ${sentence}\n→ see attune --help\n`;
};

/** The whole command line, not yet parsed. */
export const createProgram = ({ version, terminal, run }: ProgramOptions): Command => {
  const program = new Command("attune");
  program
    .description("Reads what customers say, English and Chinese, and answers each of them.")
    .version(version, "-V, --version", "print the version")
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: (text, write) => write(asOurs(text)),
    });
  addProcesses(program, run);
  addSignals(program, run);
  addTexts(program, run);
  addTraining(program, run);
  addTables(program, run);
  addRules(program, run);
  addModels(program, run);
  addOperators(program, run);
  program.addHelpText("after", "\nBegin with: attune demo");
  return program;
};
