/** The commands of support leads: `attune rules …`. */
import type { Command } from "commander";
import type { LintOptions } from "./rules-lint.ts";
import type { EvaluateOptions } from "./rules-evaluate.ts";
import type { BacktestFlags } from "./rules-backtest.ts";
import { command, type Json, type Run, wholeNumber } from "./program-options.ts";

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
  command(rules, "test", "run the examples that stand in the rule files").action((options: Json) =>
    run(options, async (call) => (await import("./rules-test.ts")).rulesTest(call)),
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
  command(rules, "publish", "put the files of rules/ and models/ in force").action(
    (options: Json) =>
      run(options, async (call) => (await import("./rules-publish.ts")).rulesPublish(call)),
  );
};
