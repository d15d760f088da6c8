/**
 * attune in another process: the same questions over HTTP, for commands that find the embedded store held by `attune start`.
 * Error bodies become the AttuneError that they were made from, so that a command behaves as if the store were its own.
 */
import { type Asked, type Door, jsonOf, refusalOf, send, TRAINING_DEADLINE_MS } from "./door.ts";
import { remoteBacktest } from "./remote-backtest.ts";
import type { Explanation } from "../core/explanation.ts";
import type { CustomerKey, DeadLetter } from "../core/ports.ts";
import type { Playbook, PlaybookFiles } from "../core/playbook.ts";
import type { Publication } from "../core/publication.ts";
import type { InboxReply } from "../core/reply.ts";
import type { Correction } from "../core/text/corrections.ts";
import type { EmergingTopic } from "../core/text/emerging.ts";
import { AttuneError } from "../errors.ts";
import type {
  Attune,
  CorrectionReceipt,
  EnqueueReceipt,
  PublishReceipt,
  Status,
} from "../work/attune.ts";
import type { ModelsOverview, PromotionReceipt } from "../work/models.ts";
import type { CanaryState } from "../work/publication.ts";
import type { RetrainedModel } from "../work/retrain.ts";
import type { ModelDrift } from "../work/train.ts";
import type { RebuildPage } from "../work/rebuild.ts";
import type { CustomerWhy } from "../work/why.ts";
import type { RetrainSchedule } from "../work/schedules.ts";

type Ask = (path: string, asked?: Asked) => Promise<{ status: number; body: unknown }>;

/** A receipt comes also with the 422 that says that every signal was refused. */
const isReceipt = (body: unknown): boolean =>
  typeof body === "object" && body !== null && "accepted" in body && "refused" in body;

const asker =
  (door: Door): Ask =>
  async (path, asked = {}) => {
    const answer = await send(door, path, asked);
    const text = await answer.text();
    const body = jsonOf(text);
    if (answer.ok && body !== undefined) return { status: answer.status, body };
    if (answer.status === 422 && isReceipt(body)) return { status: answer.status, body };
    throw refusalOf(answer.status, text);
  };

const inboxPath = (customer: CustomerKey): string =>
  `/v1/customers/${encodeURIComponent(customer.id)}/inbox`;

type Read = <T>(path: string, asked?: Asked) => Promise<T>;

type PlaybookQuestions = Pick<
  Attune,
  "publish" | "publications" | "rollBackPlaybook" | "canary" | "endCanary"
>;

const remotePlaybook = (read: Read): PlaybookQuestions => ({
  publish: (_tenant, files, request = {}) =>
    read<PublishReceipt>("/v1/playbook", { method: "PUT", body: { files, ...request } }),
  publications: async (_tenant, limit) =>
    (await read<{ publications: readonly Publication[] }>(`/v1/playbook/history?limit=${limit}`))
      .publications,
  rollBackPlaybook: (_tenant, body) =>
    read<PublishReceipt>("/v1/playbook/rollback", { method: "POST", body }),
  canary: async () => (await read<{ canary: CanaryState | null }>("/v1/playbook/canary")).canary,
  endCanary: (_tenant, how) =>
    read<PublishReceipt>("/v1/playbook/canary/end", { method: "POST", body: { how } }),
});

type ModelQuestions = Pick<
  Attune,
  "models" | "modelFiles" | "retrain" | "promoteModel" | "rollBackModel" | "drift"
>;

const remoteModels = (read: Read): ModelQuestions => ({
  models: () => read<ModelsOverview>("/v1/models"),
  modelFiles: async (_tenant, { task, id }) =>
    (
      await read<{ files: PlaybookFiles }>(
        `/v1/models/${encodeURIComponent(task)}/files${id === undefined ? "" : `?id=${encodeURIComponent(id)}`}`,
      )
    ).files,
  retrain: async (_tenant, body) =>
    (
      await read<{ models: readonly RetrainedModel[] }>("/v1/models/training", {
        method: "POST",
        body,
        deadlineMs: TRAINING_DEADLINE_MS,
      })
    ).models,
  promoteModel: (_tenant, { task, ...body }) =>
    read<PromotionReceipt>(`/v1/models/${encodeURIComponent(task)}/promotion`, {
      method: "POST",
      body,
    }),
  drift: async () =>
    (
      await read<{ drift: readonly ModelDrift[] }>("/v1/models/drift", {
        deadlineMs: TRAINING_DEADLINE_MS,
      })
    ).drift,
  rollBackModel: (_tenant, task) =>
    read<PromotionReceipt>(`/v1/models/${encodeURIComponent(task)}/rollback`, {
      method: "POST",
      body: {},
    }),
});

type ScheduleQuestions = Pick<
  Attune,
  "scheduleRetraining" | "retrainSchedules" | "endRetrainSchedule"
>;

const remoteSchedules = (read: Read): ScheduleQuestions => ({
  scheduleRetraining: (_tenant, body) =>
    read<RetrainSchedule>("/v1/models/schedules", { method: "PUT", body }),
  retrainSchedules: async () =>
    (await read<{ schedules: readonly RetrainSchedule[] }>("/v1/models/schedules")).schedules,
  endRetrainSchedule: async (_tenant, id) =>
    (
      await read<{ ended: RetrainSchedule }>(`/v1/models/schedules/${encodeURIComponent(id)}`, {
        method: "DELETE",
      })
    ).ended,
});

const remoteReasons = (read: Read): Pick<Attune, "explain" | "why"> => ({
  explain: ({ id }) => read<Explanation>(`/v1/signals/${encodeURIComponent(id)}/explanation`),
  why: ({ id }, { since, rule, limit }) => {
    const query = new URLSearchParams({
      limit: String(limit),
      ...(since === undefined ? {} : { since }),
      ...(rule === undefined ? {} : { rule }),
    });
    return read<CustomerWhy>(`/v1/customers/${encodeURIComponent(id)}/why?${query.toString()}`);
  },
});

/** Attune at an address such as `http://127.0.0.1:3777`. Only the default tenant can be reached; rejects with REMOTE_UNREACHABLE where nobody answers. */
export const remoteAttune = (address: string, token?: string): Attune => {
  const ask = asker({ address, token });
  const read = async <T>(path: string, asked?: Asked): Promise<T> =>
    (await ask(path, asked)).body as T;
  return {
    enqueue: ({ signals, clock }) =>
      read<EnqueueReceipt>("/v1/signals", { method: "POST", body: { signals, clock } }),
    inbox: async (customer, { after, limit }) =>
      (
        await read<{ replies: readonly InboxReply[] }>(
          `${inboxPath(customer)}?after=${after}&limit=${limit}`,
        )
      ).replies,
    acknowledge: async (customer, seq) =>
      (
        await read<{ acknowledged: number }>(`${inboxPath(customer)}/ack`, {
          method: "POST",
          body: { seq },
        })
      ).acknowledged,
    signalState: async ({ id }) => {
      try {
        return (
          await read<{ state: "accepted" | "decided" | "dead" }>(
            `/v1/signals/${encodeURIComponent(id)}`,
          )
        ).state;
      } catch (error) {
        if (error instanceof AttuneError && error.code === "NOT_FOUND") return "unknown";
        throw error;
      }
    },
    ...remoteReasons(read),
    ...remotePlaybook(read),
    correct: ({ id }, labels) =>
      read<CorrectionReceipt>(`/v1/signals/${encodeURIComponent(id)}/correction`, {
        method: "PUT",
        body: labels,
      }),
    corrections: async () =>
      (await read<{ corrections: readonly Correction[] }>("/v1/corrections")).corrections,
    emergingTopics: async (_tenant, { weeks, textsMin }) =>
      (
        await read<{ topics: readonly EmergingTopic[] }>(
          `/v1/topics/emerging?weeks=${weeks}&textsMin=${textsMin}`,
        )
      ).topics,
    backtest: remoteBacktest({ address, token }),
    playbookNamed: (_tenant, name) => read<Playbook>(`/v1/playbooks/${encodeURIComponent(name)}`),
    ...remoteModels(read),
    ...remoteSchedules(read),
    rebuildCustomers: ({ write, after, limit }) =>
      read<RebuildPage>("/v1/customers/rebuild", { method: "POST", body: { write, after, limit } }),
    status: () => read<Status>("/v1/status"),
    deadLetters: async (limit) =>
      (await read<{ deadLetters: readonly DeadLetter[] }>(`/v1/dead-letters?limit=${limit}`))
        .deadLetters,
  };
};
