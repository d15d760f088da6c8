/** The commands of analysts about stored models: `attune models …`. */
import type { Command } from "commander";
import type { ScheduleFlags } from "./models-schedule.ts";
import { command, type Json, type Run, wholeNumber } from "./program-options.ts";

const TASK = "segments, churn, spend or offers";
const HTML = ["--html <file>", "write a page with charts as well"] as const;

type Html = { readonly html?: string };

const addSchedules = (models: Command, run: Run): void => {
  command(models, "schedule", "list when models are trained again; plan it, or end a plan")
    .option("--cron <expression>", "when: minute, hour, day of month, month, day of week")
    .option("--timezone <name>", "whose clock, as Europe/Berlin (default: UTC)")
    .option("--tasks <names>", "what to train, as churn,spend (default: all)")
    .option("--seed <number>", "makes every run the same (default: 1)", wholeNumber(0, 2 ** 31 - 1))
    .option("--promote", "put in force what the gate lets pass")
    .option("--off [id]", "end a schedule; without id the only one")
    .action((options: Json & ScheduleFlags) =>
      run(options, async (call) =>
        (await import("./models-schedule.ts")).modelsSchedule(call, options),
      ),
    );
};

/** Adds the commands of models. */
export const addModels = (program: Command, run: Run): void => {
  const models = program
    .command("models")
    .description("what was trained, what it is worth, what is in force");
  command(models, "list", "list models by task, and what is in force").action((options: Json) =>
    run(options, async (call) => (await import("./models.ts")).modelsList(call)),
  );
  command(models, "show", "show a model's card: the one in force, or one that was trained")
    .argument("<task>", TASK)
    .argument("[id]", "id of a trained model, or its beginning")
    .option(...HTML)
    .action((task: string, id: string | undefined, { html, ...options }: Json & Html) =>
      run(options, async (call) =>
        (await import("./models.ts")).modelsShow(call, { task, id, html }),
      ),
    );
  command(models, "compare", "show a trained model beside the one in force, and the verdict")
    .argument("<task>", TASK)
    .argument("[id]", "id of a trained model, or its beginning (default: the newest)")
    .option(...HTML)
    .action((task: string, id: string | undefined, { html, ...options }: Json & Html) =>
      run(options, async (call) =>
        (await import("./models.ts")).modelsCompare(call, { task, id, html }),
      ),
    );
  command(models, "drift", "what moved since the models in force were trained").action(
    (options: Json) => run(options, async (call) => (await import("./drift.ts")).modelsDrift(call)),
  );
  command(models, "promote", "put a trained model in force, if the gate lets it pass")
    .argument("<task>", TASK)
    .argument("[id]", "id of a trained model, or its beginning (default: the newest)")
    .option("--force", "in spite of the gate")
    .action((task: string, id: string | undefined, options: Json & { force?: boolean }) =>
      run(options, async (call) =>
        (await import("./models.ts")).modelsPromote(call, {
          task,
          id,
          force: options.force === true,
        }),
      ),
    );
  command(models, "rollback", "put back in force what the last promotion replaced")
    .argument("<task>", TASK)
    .action((task: string, options: Json) =>
      run(options, async (call) => (await import("./models.ts")).modelsRollback(call, task)),
    );
  addSchedules(models, run);
};
