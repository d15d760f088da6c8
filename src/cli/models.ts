/**
 * `attune models list | show | compare | promote | rollback`: what was trained, what it is worth, what is in force.
 * A promotion changes the playbook in the store; in a folder with models/ the file is written there too, so that publishing the folder keeps it.
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { PlaybookFiles } from "../core/playbook.ts";
import { AttuneError } from "../errors.ts";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import type { ModelAsked, ModelEntry, PromoteRequest, PromotionReceipt } from "../work/models.ts";
import { connected } from "./connected.ts";
import { writeWhole } from "./files.ts";
import { cardAsText, modelsAsText, promotedAsText, reasonsAsText, shortId } from "./models-text.ts";
import { type Compared, comparedPage, modelIn, shownPage } from "./stored-page.ts";
import type { Call, Exit, Paint } from "./terminal.ts";

export const modelsList = async (call: Call): Promise<Exit> => {
  const found = await connected(call, ({ attune }) => attune.models(DEFAULT_TENANT));
  const { context, terminal } = call;
  terminal.out(context.json ? JSON.stringify(found) : modelsAsText(found, terminal.paint));
  return 0;
};

/** A model, and the file for a page about it. */
export interface ShowRequest extends ModelAsked {
  readonly html?: string | undefined;
}

const wrote = ({ html }: ShowRequest): string => (html === undefined ? "" : `\n\nwrote ${html}`);

export const modelsShow = async (call: Call, request: ShowRequest): Promise<Exit> => {
  const { html, ...asked } = request;
  const files = await connected(call, async ({ attune }) => {
    const found = await attune.modelFiles(DEFAULT_TENANT, asked);
    if (html !== undefined) writeWhole(html, await shownPage(attune, found, asked.task));
    return found;
  });
  const { context, terminal } = call;
  const model = modelIn(files, asked.task);
  terminal.out(
    context.json ? JSON.stringify(model) : `${cardAsText(model, terminal.paint)}${wrote(request)}`,
  );
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

interface Comparison extends Compared {
  readonly entry: ModelEntry;
}

const comparisonOf = async (attune: Attune, asked: ModelAsked): Promise<Comparison> => {
  const entry = await entryOf(attune, asked);
  const { task } = asked;
  const filesOf = (id: string): Promise<PlaybookFiles> =>
    attune.modelFiles(DEFAULT_TENANT, { task, id });
  const { against } = entry.verdict;
  return {
    task,
    entry,
    challenger: await filesOf(entry.id),
    // One that was never stored here is forgotten once another is in force.
    champion: against === null ? {} : await filesOf(against).catch(() => ({})),
  };
};

const comparedAsText = ({ task, entry, challenger, champion }: Comparison, paint: Paint): string =>
  [
    `${paint.bold("challenger")} ${shortId(entry.id)}`,
    cardAsText(modelIn(challenger, task), paint),
    Object.keys(champion).length === 0
      ? "there is no champion"
      : `${paint.bold("champion")} ${shortId(entry.verdict.against ?? "")}\n${cardAsText(modelIn(champion, task), paint)}`,
    reasonsAsText(entry.verdict, paint),
  ].join("\n\n");

/** The challenger beside the champion; exits with 1 where the gate refused it. */
export const modelsCompare = async (call: Call, request: ShowRequest): Promise<Exit> => {
  const { html, ...asked } = request;
  const comparison = await connected(call, async ({ attune }) => {
    const found = await comparisonOf(attune, asked);
    if (html !== undefined) writeWhole(html, await comparedPage(attune, found));
    return found;
  });
  const { context, terminal } = call;
  const { champion, entry } = comparison;
  const { id, verdict, report } = entry;
  const before = Object.keys(champion).length === 0 ? null : modelIn(champion, asked.task);
  terminal.out(
    context.json
      ? JSON.stringify({ id, verdict, report, champion: before?.card ?? null })
      : `${comparedAsText(comparison, terminal.paint)}${wrote(request)}`,
  );
  return verdict.kind === "promote" ? 0 : 1;
};

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
