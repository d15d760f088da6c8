/**
 * Which models there are and which is in force. A model that was trained waits beside the one in force; putting it in force makes a new playbook,
 * so that decisions stay reproducible, and is written down, so that it can be taken back.
 */
import { quote } from "../core/fault.ts";
import { MODEL_TASKS, modelPath, type ModelTask } from "../core/models/model-file.ts";
import type { Playbook, PlaybookFiles } from "../core/playbook.ts";
import { changeBetween } from "../core/playbook-change.ts";
import type { ListedModel, Promotion, Relay, Store } from "../core/ports.ts";
import { AttuneError } from "../errors.ts";
import { DEFAULT_TENANT } from "./tenant.ts";
import { prepareOrRefuse } from "./playbooks.ts";
import { changeCandidate } from "./publication.ts";
import { entryOf, playbookOf } from "./publish.ts";

/** Somebody else may publish at the same moment; whoever lost looks again. */
const TRIES = 8;

/** A model, with what became of it. */
export interface ModelEntry extends ListedModel {
  readonly isInForce: boolean;
}

export interface ModelsOverview {
  /** Id of what is in force for each task; null where the playbook has no model for it. */
  readonly inForce: Readonly<Record<string, string | null>>;
  /** Newest training first. */
  readonly trained: readonly ModelEntry[];
  /** Newest first. */
  readonly promotions: readonly Promotion[];
}

/** The newest one trained when `id` is absent; the beginning of an id is enough. */
export interface ModelAsked {
  readonly task: string;
  readonly id?: string | undefined;
}

export interface PromoteRequest extends ModelAsked {
  /** In spite of the gate. */
  readonly force: boolean;
}

export interface PromotionReceipt {
  readonly task: string;
  /** Null where a rollback left the task without a model. */
  readonly id: string | null;
  /** Hash of the playbook that is in force now. */
  readonly playbook: string;
  /** The files of the task as they are in force now. */
  readonly files: PlaybookFiles;
}

interface Parts {
  readonly store: Store;
  readonly relay: Relay;
}

/** Names a model by the content of its files. */
export const modelIdOf = (files: PlaybookFiles): string => playbookOf(files).hash;

/** The files of a task in a playbook. */
const filesOfTask = (files: PlaybookFiles, task: ModelTask): PlaybookFiles => {
  const path = modelPath(task);
  const text = files[path];
  return text === undefined ? {} : { [path]: text };
};

/** Id of what is in force for the task, or null. */
export const idInForce = (files: PlaybookFiles, task: ModelTask): string | null => {
  const own = filesOfTask(files, task);
  return Object.keys(own).length === 0 ? null : modelIdOf(own);
};

const taskNamed = (name: string): ModelTask => {
  const task = MODEL_TASKS.find((known) => known === name);
  if (task === undefined)
    throw new AttuneError(
      "USAGE",
      `${quote(name)} is no task with a model; choose ${MODEL_TASKS.join(", ")}.`,
    );
  return task;
};

export const liveOf = async (store: Store, tenant: string): Promise<Playbook> => {
  const live = (await store.livePlaybook(tenant)) ?? (await store.livePlaybook(DEFAULT_TENANT));
  if (live === undefined)
    throw new AttuneError("NO_PLAYBOOK", `No playbook is published for tenant "${tenant}".`);
  return live;
};

export const listModels = async (store: Store, tenant: string): Promise<ModelsOverview> => {
  const { files } = await liveOf(store, tenant);
  const inForce = Object.fromEntries(MODEL_TASKS.map((task) => [task, idInForce(files, task)]));
  const trained = await store.models(tenant);
  return {
    inForce,
    trained: trained.map((model) => ({ ...model, isInForce: inForce[model.task] === model.id })),
    promotions: await store.promotions(tenant),
  };
};

/** The model of the task whose id begins with `id`; the newest one trained when absent. Rejects with NOT_FOUND. */
const findModel = async (
  store: Store,
  tenant: string,
  { task, id = "" }: ModelAsked,
): Promise<ListedModel> => {
  const own = (await store.models(tenant)).filter((model) => model.task === task);
  const [found, second] = own.filter((model) => model.id.startsWith(id));
  if (found === undefined)
    throw new AttuneError(
      "NOT_FOUND",
      own.length === 0
        ? `No model for ${task} was trained here yet: attune train ${task} --store.`
        : `No model for ${task} has an id that begins with ${quote(id)}; see attune models list.`,
    );
  if (id !== "" && second !== undefined)
    throw new AttuneError("USAGE", `Several ids begin with ${quote(id)}; give more of it.`);
  return found;
};

/** A model's files: of one that was trained here, or of what is in force (`id` absent and `inForce`). */
export const modelFilesOf = async (
  store: Store,
  tenant: string,
  asked: ModelAsked,
): Promise<PlaybookFiles> => {
  const task = taskNamed(asked.task);
  const { files } = await liveOf(store, tenant);
  const own = filesOfTask(files, task);
  const isOwn = asked.id === undefined || idInForce(files, task)?.startsWith(asked.id) === true;
  if (isOwn && Object.keys(own).length > 0) return own;
  const found = await findModel(store, tenant, asked);
  return (await store.modelFiles(tenant, found.task, found.id)) ?? {};
};

interface Change {
  readonly task: ModelTask;
  readonly files: PlaybookFiles;
  readonly kind: Promotion["kind"];
  /** Checks the model that would be replaced; throws to stay. */
  readonly check: (live: Playbook) => void;
}

const putInForce = async (
  { store, relay }: Parts,
  tenant: string,
  { task, files, kind, check }: Change,
): Promise<PromotionReceipt> => {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const live = await liveOf(store, tenant);
    check(live);
    const withModel = (from: PlaybookFiles): PlaybookFiles => {
      const others = Object.entries(from).filter(([path]) => path !== modelPath(task));
      return { ...Object.fromEntries(others), ...files };
    };
    const playbook = playbookOf(withModel(live.files));
    prepareOrRefuse(playbook);
    // A tenant that has no playbook of its own begins one with this change.
    const over = (await store.livePlaybookHash(tenant)) === undefined ? undefined : live.hash;
    const id = idInForce(files, task);
    const entry = entryOf({
      kind: "model",
      hash: playbook.hash,
      previous: live.hash,
      message: `${kind} of ${task}${id === null ? "" : ` ${id.slice(0, 12)}`}`,
      change: changeBetween(live.files, playbook.files),
    });
    const how = over === undefined ? { entry } : { over, entry };
    if (!(await store.publish(tenant, playbook, how))) continue;
    await changeCandidate({ store }, tenant, withModel);
    const previous = filesOfTask(live.files, task);
    await store.addPromotion(tenant, { task, kind, id: id ?? "", previous });
    await relay.announcePlaybook(tenant);
    return { task, id, playbook: playbook.hash, files };
  }
  throw new AttuneError(
    "STORE_UNREACHABLE",
    "The playbook changed again and again while the model was put in force.",
  );
};

const refuse = (task: string, model: ListedModel, inForce: string | null): void => {
  const { kind, reasons, against } = model.verdict;
  const name = `Model ${model.id.slice(0, 12)} for ${task}`;
  if (kind === "refuse")
    throw new AttuneError("MODEL_REFUSED", `${name} was refused:`, {
      faults: reasons.map(({ code, sentence }) => ({ place: code, sentence })),
    });
  if (against !== inForce)
    throw new AttuneError(
      "MODEL_REFUSED",
      `${name} was compared with ${against?.slice(0, 12) ?? "none"}, but ${inForce?.slice(0, 12) ?? "none"} is in force now: train it again, so that it is compared with that one.`,
    );
};

/** Puts a trained model in force. Rejects with MODEL_REFUSED and the gate's reasons unless forced, NOT_FOUND for an unknown one. */
export const promote = async (
  parts: Parts,
  tenant: string,
  request: PromoteRequest,
): Promise<PromotionReceipt> => {
  const task = taskNamed(request.task);
  const model = await findModel(parts.store, tenant, request);
  const files = (await parts.store.modelFiles(tenant, task, model.id)) ?? {};
  return putInForce(parts, tenant, {
    task,
    files,
    kind: "promotion",
    check: (live) => {
      const inForce = idInForce(live.files, task);
      if (inForce === model.id)
        throw new AttuneError("USAGE", `Model ${model.id.slice(0, 12)} is in force already.`);
      if (!request.force) refuse(task, model, inForce);
    },
  });
};

/** Puts back in force what the last promotion replaced. Rejects with NOT_FOUND where there is none to take back. */
export const rollBack = async (
  parts: Parts,
  tenant: string,
  name: string,
): Promise<PromotionReceipt> => {
  const task = taskNamed(name);
  const files = await parts.store.filesBefore(tenant, task);
  if (files === undefined)
    throw new AttuneError("NOT_FOUND", `No promotion of a ${task} model is left to take back.`);
  return putInForce(parts, tenant, { task, files, kind: "rollback", check: () => undefined });
};
