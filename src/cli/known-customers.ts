/**
 * Two customers as the models see them: segment, churn, spend and offers with their strongest reasons, in a table that fits a terminal.
 * `attune explain` shows all reasons; here are the first ones.
 */
import CliTable from "cli-table3";
import type { Reason } from "../core/prediction.ts";
import { wrapColumns } from "./columns.ts";
import type { ExplainedSample } from "./demo-summary.ts";
import { figure } from "./words.ts";

type Known = ExplainedSample["explanation"]["predictions"];

const REASONS_SHOWN = 2;

const withReasons = (head: string, reasons: readonly { readonly sentence: string }[]): string =>
  [head, ...reasons.slice(0, REASONS_SHOWN).map(({ sentence }) => `· ${sentence}`)].join("\n");

const strongest = (reasons: readonly Reason[]): readonly Reason[] =>
  // The first is where a prediction starts, which is the same for everybody.
  reasons.filter(({ feature }) => feature !== "averageCustomer" && feature !== "similarCustomers");

/** What each row of the table says of a customer; empty where no model says anything. */
const ROWS: readonly (readonly [string, (known: Known) => string])[] = [
  [
    "segment",
    ({ segment }) => (segment === undefined ? "" : withReasons(segment.name, segment.reasons)),
  ],
  [
    "orders nothing more (churn)",
    ({ churn }) =>
      churn === undefined
        ? ""
        : withReasons(`${figure(100 * churn.probability, 1)} %`, strongest(churn.reasons)),
  ],
  [
    "will spend",
    ({ spend }) =>
      spend === undefined
        ? ""
        : withReasons(
            figure(spend.amount),
            strongest(spend.reasons).toSorted(
              (left, right) => Math.abs(right.value) - Math.abs(left.value),
            ),
          ),
  ],
  [
    "offers",
    ({ offers = [] }) =>
      offers
        .map(({ product, reasons }) => `${product}: ${reasons[0]?.sentence ?? "no reason"}`)
        .join("\n"),
  ],
];

const isWhole = ({ explanation }: ExplainedSample): boolean => {
  const { segment, churn, spend, offers } = explanation.predictions;
  return [segment, churn, spend, offers].every((one) => one !== undefined);
};

const riskOf = ({ explanation }: ExplainedSample): number =>
  explanation.predictions.churn?.probability ?? 0;

/** Of all samples about whom every model says something, the safest and the most endangered customer; fewer where there are none. */
const knownCustomers = (samples: readonly ExplainedSample[]): readonly ExplainedSample[] => {
  const whole = samples.filter(isWhole).toSorted((left, right) => riskOf(left) - riskOf(right));
  const [safest, ...others] = whole;
  const endangered = others.at(-1);
  return [safest, endangered].flatMap((sample) => sample ?? []);
};

/** The table; empty without customers. */
export const knownAsTable = (
  samples: readonly ExplainedSample[],
  { paint, columns }: { readonly paint: { bold(text: string): string }; readonly columns: number },
): string => {
  const customers = knownCustomers(samples);
  if (customers.length === 0) return "";
  const label = 14;
  const room = Math.max(60, Math.min(columns, 150) - label - 10);
  const width = Math.floor(room / customers.length);
  const table = new CliTable({
    head: ["", ...customers.map(({ signal }) => `${signal.customerId} at ${signal.id}`)].map(
      (title) => paint.bold(title),
    ),
    style: { head: [], border: [] },
  });
  for (const [name, tell] of ROWS)
    table.push([
      wrapColumns(name, label),
      ...customers.map(({ explanation }) => wrapColumns(tell(explanation.predictions), width)),
    ]);
  return table.toString();
};
