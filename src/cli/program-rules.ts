/** The commands of support leads: `attune rules …`. */
import type { Command } from "commander";
import type { LintOptions } from "./rules-lint.ts";
import type { RulesTestOptions } from "./rules-test.ts";
import type { EvaluateOptions } from "./rules-evaluate.ts";
import type { BacktestFlags } from "./rules-backtest.ts";
import { command, type Json, type Run, share, wholeNumber } from "./program-options.ts";

type Note = Json & { readonly by?: string; readonly note?: string };

/** What is in force, what was, and what is tried. */
const addPublications = (rules: Command, run: Run): void => {
  command(rules, "publish", "put the files of rules/ and models/ in force")
    .option("--percent <number>", "only for this share of the customers, as a canary", share)
    .option("--note <text>", "why, for the history")
    .option("--by <name>", "who, for the history; the user of this machine unless given")
    .action((options: Note & { readonly percent?: number }) =>
      run(options, async (call) =>
        (await import("./rules-publish.ts")).rulesPublish(call, options),
      ),
    );
  command(
    rules,
    "rollback",
    "end the canary, or put back in force what the last publication replaced",
  )
    .option("--to <hash>", "the playbook of this hash instead; its first digits are enough")
    .option("--note <text>", "why, for the history")
    .option("--by <name>", "who, for the history; the user of this machine unless given")
    .action((options: Note & { readonly to?: string }) =>
      run(options, async (call) =>
        (await import("./rules-publish.ts")).rulesRollback(call, options),
      ),
    );
  command(rules, "history", "what was put in force when, by whom and why; newest first")
    .option("--limit <count>", "how many at most, 1 to 500", wholeNumber(1, 500), 20)
    .action((options: Json & { readonly limit: number }) =>
      run(options, async (call) =>
        (await import("./rules-history.ts")).rulesHistory(call, options),
      ),
    );
  command(rules, "canary", "how the playbook does that is tried on a share of the customers")
    .option("--promote", "put it in force for all")
    .option("--end", "put it in force for nobody")
    .action((options: Json & { readonly promote?: boolean; readonly end?: boolean }) =>
      run(options, async (call) => (await import("./rules-canary.ts")).rulesCanary(call, options)),
    );
};

/** What other rules change, in words and in figures. */
const addComparisons = (rules: Command, run: Run): void => {
  command(rules, "backtest", "what other rules would have done with the signals that are stored")
    .option("--days <count>", "so many days up to the newest signal", wholeNumber(1, 3_660), 30)
    .option("--rules <folder>", "the rules to try (default: the playbook in force)")
    .option("--html <file>", "write a page with charts as well")
    .option("--read-again", "read texts and describe customers again, also where only rules differ")
    .option("--samples <count>", "sample customers at most", wholeNumber(0, 100), 10)
    .action((options: Json & Omit<BacktestFlags, "readAgain"> & { readAgain?: boolean }) =>
      run(options, async (call) =>
        (await import("./rules-backtest.ts")).rulesBacktest(call, {
          ...options,
          readAgain: options.readAgain === true,
        }),
      ),
    );
  command(rules, "diff", "say what changed between two playbooks")
    .argument("<before>", "a folder, live, or the hash of a stored playbook")
    .argument("<after>", "the same")
    .action((before: string, after: string, options: Json) =>
      run(options, async (call) =>
        (await import("./rules-diff.ts")).rulesDiff(call, { before, after }),
      ),
    );
};

/** Adds the commands of rules. */
export const addRules = (program: Command, run: Run): void => {
  const rules = program.command("rules").description("check and publish what support leads write");
  command(rules, "lint", "check every file of the playbook, and what can be proven of the rules")
    .option("--strict", "fail on warnings too")
    .option("--sarif <file>", "write SARIF for a code host")
    .option("--junit <file>", "write JUnit XML for a build server")
    .action((options: Json & Omit<LintOptions, "strict"> & { strict?: boolean }) =>
      run(options, async (call) =>
        (await import("./rules-lint.ts")).rulesLint(call, {
          ...options,
          strict: options.strict === true,
        }),
      ),
    );
  command(rules, "test", "run the examples that stand in the rule files")
    .option("--coverage", "name the conditions that no example has shown true, or false")
    .option("--min-coverage <percent>", "fail below so much of it", wholeNumber(0, 100))
    .option("--junit <file>", "write JUnit XML for a build server")
    .action((options: Json & RulesTestOptions) =>
      run(options, async (call) => (await import("./rules-test.ts")).rulesTest(call, options)),
    );
  command(rules, "facts", "what rules may read: type, unit, where it comes from, an example")
    .argument("[part]", "part of a name or of what it is")
    .action((part: string | undefined, options: Json) =>
      run(options, async (call) =>
        (await import("./rules-facts.ts")).rulesFacts(call, part === undefined ? {} : { part }),
      ),
    );
  command(rules, "evaluate", "say which rules match records of facts, one JSON object a line")
    .requiredOption("--rules <path>", "a folder of rule files, or one file")
    .requiredOption("--facts <file>", 'JSON lines; "-" is standard input')
    .option("--untyped", "rules of json-rules-engine over facts that no catalogue describes")
    .action((options: Json & Omit<EvaluateOptions, "untyped"> & { untyped?: boolean }) =>
      run(options, async (call) =>
        (await import("./rules-evaluate.ts")).rulesEvaluate(call, {
          rules: options.rules,
          facts: options.facts,
          untyped: options.untyped === true,
        }),
      ),
    );
  addComparisons(rules, run);
  addPublications(rules, run);
};
