/** Reads the stored feedback of a tenant again and finds the topics that the taxonomy does not have. */
import type { Store } from "../core/ports.ts";
import type { PreparedPlaybook } from "../core/prepare.ts";
import { termsOf } from "../core/text/terms.ts";
import { analyse } from "../core/text/analyse.ts";
import { type EmergingTopic, emergingTopics, type TopicText } from "../core/text/emerging.ts";
import { readText } from "../core/text/reading.ts";

export interface EmergingRequest {
  /** 1..104. */
  readonly weeks: number;
  /** 2 or more. */
  readonly textsMin: number;
}

const AT_MOST = 20;
/** Confidence from which a topic explains a text. */
const EXPLAINS = 0.5;

const textOf = (
  feedback: { readonly id: string; readonly text: string; readonly at: string },
  playbook: PreparedPlaybook,
): TopicText => {
  const analysis = analyse(feedback.text, playbook.text, "labels");
  const best = analysis.topics[0];
  return {
    id: feedback.id,
    text: analysis.maskedText,
    at: feedback.at,
    language: analysis.language.code,
    terms: termsOf(readText(feedback.text, playbook.text)),
    isExplained: best !== undefined && best.label !== "other" && best.confidence >= EXPLAINS,
  };
};

/** The playbook in force reads; what was decided then does not matter here. */
export const findEmerging = async (
  store: Store,
  playbook: PreparedPlaybook,
  { tenant, weeks, textsMin }: EmergingRequest & { readonly tenant: string },
): Promise<readonly EmergingTopic[]> => {
  const texts: TopicText[] = [];
  for await (const { accepted } of store.history(tenant))
    if (accepted.signal.kind === "feedback") texts.push(textOf(accepted.signal, playbook));
  return emergingTopics(texts, { weeks, textsMin, atMost: AT_MOST });
};
