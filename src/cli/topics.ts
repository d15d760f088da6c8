/** `attune topics`: what customers begin to speak of that no topic covers, with the words that mark it and its growth by week. */
import type { EmergingTopic } from "../core/text/emerging.ts";
import { DEFAULT_TENANT } from "../work/attune.ts";
import type { EmergingRequest } from "../work/emerging.ts";
import { clip } from "./columns.ts";
import { connected } from "./connected.ts";
import { createPaint, type Call, type Exit, type Paint } from "./terminal.ts";
import { figure } from "./words.ts";

const BARS = "▁▂▃▄▅▆▇█";

/** Counts as a row of bars. */
export const barsOf = (counts: readonly number[]): string => {
  const most = Math.max(1, ...counts);
  return counts
    .map((count) => BARS[Math.round((count / most) * (BARS.length - 1))] ?? " ")
    .join("");
};

const asText = (topic: EmergingTopic, paint: Paint): string =>
  [
    `${paint.bold(topic.words.join(", "))} · ${topic.language} · ${topic.texts} texts · × ${figure(topic.growth)} ${barsOf(topic.weeks)}`,
    ...topic.examples.map(({ id, text }) => paint.dim(`   ${clip(id, 30)}: ${clip(text, 90)}`)),
  ].join("\n");

/** Emerging topics as a person reads them. */
export const topicsAsText = (
  topics: readonly EmergingTopic[],
  paint: Paint = createPaint(false),
): string =>
  topics.length === 0
    ? "nothing emerges: every cluster is too small, or a topic explains it"
    : topics.map((topic) => asText(topic, paint)).join("\n\n");

export const topics = async (call: Call, request: EmergingRequest): Promise<Exit> => {
  const found = await connected(call, ({ attune }) =>
    attune.emergingTopics(DEFAULT_TENANT, request),
  );
  const { context, terminal } = call;
  terminal.out(
    context.json ? JSON.stringify({ topics: found }) : topicsAsText(found, terminal.paint),
  );
  return 0;
};
