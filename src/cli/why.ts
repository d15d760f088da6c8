/** `attune why CUSTOMER`: the customer's newest signals with what became of every rule, and which rules missed by one fact. */
import { OUTCOMES, type Outcome } from "../core/outcome.ts";
import { DEFAULT_TENANT } from "../work/attune.ts";
import type { CustomerWhy, NearMiss, SignalWhy, WhyRequest } from "../work/why.ts";
import { clip, printable, wrapColumns } from "./columns.ts";
import { connected } from "./connected.ts";
import type { Call, Exit, Paint } from "./terminal.ts";
import { comparisonAsText, valueAsText } from "./words.ts";

export interface WhyOptions extends WhyRequest {
  readonly customer: string;
  /** Also the rules that did not match. */
  readonly all: boolean;
}

interface View {
  readonly paint: Paint;
  readonly columns: number;
  readonly all: boolean;
}

/** Lines that go on below where they began. */
const hanging = (text: string, columns: number): string =>
  wrapColumns(text, Math.max(40, columns - 4)).replaceAll("\n", "\n    ");

const outcomeLine = ({ rule, code, detail }: Outcome, { paint, columns }: View): string => {
  const mark = code === "replied" ? paint.green("✓") : "·";
  const text = `${rule}: ${code}, ${detail === undefined ? OUTCOMES[code] : printable(detail)}`;
  return `  ${mark} ${hanging(text, columns)}`;
};

const nearMissLine = ({ rule, missing }: NearMiss, { paint, columns }: View): string => {
  const wanted = `${missing.held ? "not " : ""}${comparisonAsText(missing)}`;
  const text = `${rule} nearly: it wants ${wanted}, and found ${valueAsText(missing.actual)}`;
  return paint.dim(`  ~ ${hanging(text, columns)}`);
};

const NEAR_MISSES_SHOWN = 3;

const signalAsText = (signal: SignalWhy, view: View): string => {
  const { paint, columns, all } = view;
  const said = signal.kind === "event" ? signal.about : `“${printable(signal.about)}”`;
  const head = `${signal.now.replace("T", " ").slice(0, 16)}  ${signal.id}  ${said}`;
  const told = signal.outcomes.filter(({ code }) => all || code !== "not_matched");
  const silent = signal.outcomes.length - told.length;
  const alone = signal.outcomes.length === 1 ? signal.outcomes : told;
  return [
    paint.bold(clip(head, columns)),
    ...alone.map((outcome) => outcomeLine(outcome, view)),
    ...(silent === 0 || alone !== told
      ? []
      : [`  · ${silent} ${told.length === 0 ? "rules, none matched" : "others did not match"}`]),
    ...(all || alone !== told ? [] : signal.nearMisses)
      .slice(0, NEAR_MISSES_SHOWN)
      .map((miss) => nearMissLine(miss, view)),
  ].join("\n");
};

/** The whole answer as text. */
export const whyAsText = (why: CustomerWhy, view: View): string =>
  [
    `${why.customer}: ${why.signals} signals decided, ${why.replies} replies${why.shown.length < why.signals ? `; ${why.shown.length} shown` : ""}`,
    ...why.shown.map((signal) => signalAsText(signal, view)),
  ].join("\n\n");

export const why = async (call: Call, options: WhyOptions): Promise<Exit> => {
  const { customer, all, ...request } = options;
  const told = await connected(call, ({ attune }) =>
    attune.why({ tenant: DEFAULT_TENANT, id: customer }, request),
  );
  const { context, terminal } = call;
  const { paint, columns } = terminal;
  terminal.out(context.json ? JSON.stringify(told) : whyAsText(told, { paint, columns, all }));
  return 0;
};
