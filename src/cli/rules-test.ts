/**
 * `attune rules test`: runs the examples that stand in the rule files, by our evaluator and by json-rules-engine. Opens no store.
 * An example's text is analysed as a customer's would be; nothing is known of who said it unless the example says so.
 */
import { NO_PREDICTIONS } from "../core/prediction.ts";
import { EMPTY_HISTORY } from "../core/history.ts";
import type { Customer } from "../core/customer.ts";
import { FEATURES, type Features } from "../core/feature.ts";
import { type Facts, gatherFacts } from "../core/facts.ts";
import { type PreparedPlaybook, preparePlaybook } from "../core/prepare.ts";
import { feedbackSchema } from "../core/signal.ts";
import { analyse } from "../core/text/analyse.ts";
import { AttuneError } from "../errors.ts";
import { DEFAULT_TENANT } from "../work/attune.ts";
import { playbookOf, readPlaybookFiles } from "../work/publish.ts";
import { type RulesTestReport, testRules } from "../work/rules-test.ts";
import { createPaint, type Call, type Exit, type Paint } from "./terminal.ts";

const STRANGER: Customer = {
  tenant: DEFAULT_TENANT,
  id: "example",
  version: 0,
  traits: {},
  history: EMPTY_HISTORY,
  contacts: [],
  lastSeq: 0,
  waiting: [],
};

const NO_FEATURES = Object.fromEntries(
  Object.keys(FEATURES).map((name) => [name, null]),
) as Features;

/** The facts that a text alone leads to. */
const factsOfText = (text: string, playbook: PreparedPlaybook): Facts => {
  const signal = feedbackSchema.parse({
    kind: "feedback",
    id: "example",
    customerId: STRANGER.id,
    at: "2026-01-01T00:00:00Z",
    text,
  });
  return gatherFacts({
    signal,
    analysis: analyse(signal.text, playbook.text),
    now: signal.at,
    customer: STRANGER,
    features: NO_FEATURES,
    predictions: NO_PREDICTIONS,
  });
};

const openPlaybook = (home: string): PreparedPlaybook => {
  const prepared = preparePlaybook(playbookOf(readPlaybookFiles(home)));
  if (prepared.kind === "sound") return prepared.value;
  throw new AttuneError("PLAYBOOK_INVALID", "The examples cannot run, the playbook has faults:", {
    faults: prepared.faults,
  });
};

/** Failures and differences one below the other, then one line that counts. */
export const rulesTestAsText = (
  report: RulesTestReport,
  paint: Paint = createPaint(false),
): string => {
  const { rules, examples, failures, differences, withoutExamples } = report;
  return [
    ...failures.map(
      ({ place, expected, actual, detail }) =>
        `${paint.red("✗")} ${place}: expected ${expected}, was ${actual}${detail === "" ? "" : `; ${detail}`}`,
    ),
    ...differences.map(
      ({ place, ours, theirs }) =>
        `${paint.yellow("≠")} ${place}: attune says ${ours}, json-rules-engine says ${theirs}`,
    ),
    ...withoutExamples.map((rule) => `${paint.yellow("?")} ${rule} has no example`),
    `${rules} rules, ${examples} examples, ${failures.length} failed, ${differences.length} judged otherwise by json-rules-engine`,
  ].join("\n");
};

export const rulesTest = async ({ context, terminal }: Call): Promise<Exit> => {
  const playbook = openPlaybook(context.home);
  const report = await testRules({
    rules: playbook.rules,
    readFacts: ({ given }) => factsOfText(given.feedback ?? "", playbook),
  });
  terminal.out(context.json ? JSON.stringify(report) : rulesTestAsText(report, terminal.paint));
  return report.failures.length + report.differences.length === 0 ? 0 : 1;
};
