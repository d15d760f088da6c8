/**
 * `attune models list | show | compare | promote | rollback`: what was trained, what it is worth, what is in force.
 * A promotion changes the playbook in the store; in a folder with models/ the file is written there too, so that publishing the folder keeps it.
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { faultsAsText } from "../core/fault.ts";
import { MODEL_TASKS, type Model, modelPath, readModel } from "../core/models/model-file.ts";
import type { PlaybookFiles } from "../core/playbook.ts";
import { AttuneError } from "../errors.ts";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import type { ModelAsked, ModelEntry, PromoteRequest, PromotionReceipt } from "../work/models.ts";
import { connected } from "./connected.ts";
import { writeWhole } from "./files.ts";
import { cardAsText, modelsAsText, promotedAsText, reasonsAsText, shortId } from "./models-text.ts";
import type { Call, Exit } from "./terminal.ts";

export const modelsList = async (call: Call): Promise<Exit> => {
  const found = await connected(call, ({ attune }) => attune.models(DEFAULT_TENANT));
  const { context, terminal } = call;
  terminal.out(context.json ? JSON.stringify(found) : modelsAsText(found, terminal.paint));
  return 0;
};

const modelIn = (files: PlaybookFiles, name: string): Model => {
  const task = MODEL_TASKS.find((known) => known === name);
  const text = task === undefined ? undefined : files[modelPath(task)];
  if (task === undefined || text === undefined)
    throw new AttuneError("NOT_FOUND", `There is no model for "${name}".`);
  const read = readModel(task, text);
  if (read.kind === "sound") return read.value;
  throw new AttuneError(
    "PLAYBOOK_INVALID",
    `The model cannot be read: ${faultsAsText(read.faults)}`,
  );
};

export const modelsShow = async (call: Call, asked: ModelAsked): Promise<Exit> => {
  const files = await connected(call, ({ attune }) => attune.modelFiles(DEFAULT_TENANT, asked));
  const { context, terminal } = call;
  const model = modelIn(files, asked.task);
  terminal.out(context.json ? JSON.stringify(model) : cardAsText(model, terminal.paint));
  return 0;
};

const entryOf = async (attune: Attune, { task, id = "" }: ModelAsked): Promise<ModelEntry> => {
  const { trained } = await attune.models(DEFAULT_TENANT);
  const found = trained.find((model) => model.task === task && model.id.startsWith(id));
  if (found === undefined)
    throw new AttuneError(
      "NOT_FOUND",
      `No model for "${task}" was trained here${id === "" ? "" : ` whose id begins with "${id}"`}.`,
    );
  return found;
};

/** The challenger beside the champion; exits with 1 where the gate refused it. */
export const modelsCompare = async (call: Call, asked: ModelAsked): Promise<Exit> => {
  const { challenger, champion } = await connected(call, async ({ attune }) => {
    const entry = await entryOf(attune, asked);
    const id = entry.verdict.against;
    const files =
      id === null
        ? {}
        : await attune.modelFiles(DEFAULT_TENANT, { task: asked.task, id }).catch(() => ({}));
    return { challenger: entry, champion: files };
  });
  const { context, terminal } = call;
  const { verdict, report, id } = challenger;
  const before = Object.keys(champion).length === 0 ? null : modelIn(champion, asked.task);
  const exit = verdict.kind === "promote" ? 0 : 1;
  if (context.json) {
    terminal.out(JSON.stringify({ id, verdict, report, champion: before?.card ?? null }));
    return exit;
  }
  terminal.out(
    [
      `${terminal.paint.bold("challenger")} ${shortId(id)}`,
      cardAsText(
        modelIn(await filesOf(call, { task: asked.task, id }), asked.task),
        terminal.paint,
      ),
      before === null
        ? "there is no champion"
        : `${terminal.paint.bold("champion")} ${shortId(verdict.against ?? "")}\n${cardAsText(before, terminal.paint)}`,
      reasonsAsText(verdict, terminal.paint),
    ].join("\n\n"),
  );
  return exit;
};

const filesOf = (call: Call, asked: ModelAsked): Promise<PlaybookFiles> =>
  connected(call, ({ attune }) => attune.modelFiles(DEFAULT_TENANT, asked));

/** Writes what is in force into the folder that playbooks are published from, where there is one. */
const keepInFolder = ({ context }: Call, { files }: PromotionReceipt): readonly string[] => {
  const folder = join(context.home, "models");
  if (!existsSync(folder)) return [];
  return Object.entries(files).map(([name, text]) => {
    const path = join(folder, basename(name));
    writeWhole(path, text);
    return path;
  });
};

const changed = (call: Call, receipt: PromotionReceipt): Exit => {
  const { context, terminal } = call;
  const written = keepInFolder(call, receipt);
  const { files: _files, ...shown } = receipt;
  terminal.out(
    context.json
      ? JSON.stringify({ ...shown, written })
      : [promotedAsText(receipt), ...written.map((path) => `wrote ${path}`)].join("\n"),
  );
  return 0;
};

export const modelsPromote = async (call: Call, request: PromoteRequest): Promise<Exit> =>
  changed(
    call,
    await connected(call, ({ attune }) => attune.promoteModel(DEFAULT_TENANT, request)),
  );

export const modelsRollback = async (call: Call, task: string): Promise<Exit> =>
  changed(call, await connected(call, ({ attune }) => attune.rollBackModel(DEFAULT_TENANT, task)));
