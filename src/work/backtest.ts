/**
 * Back-tests a candidate playbook on what is stored: reads decisions page by page, tells them again and counts; writes nothing.
 * The window ends with the newest decided signal, not with today, so that the same store gives the same result on any day.
 */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { type Backtest, type BacktestOptions, openBacktest } from "../core/backtest/backtest.ts";
import type { BacktestResult, BacktestWay, SampleCustomer } from "../core/backtest/result.ts";
import { type Drawn, tellSignal } from "../core/backtest/samples.ts";
import type { DecidedWindow, Store } from "../core/ports.ts";
import type { Playbook, PlaybookFiles } from "../core/playbook.ts";
import type { PreparedPlaybook } from "../core/prepare.ts";
import { CORRECTIONS_FILE } from "../core/text/corrections.ts";
import type { TrainingProgress } from "../core/training.ts";
import { AttuneError } from "../errors.ts";
import { liveOf } from "./models.ts";
import { type Playbooks, prepareOrRefuse } from "./playbooks.ts";
import { playbookOf } from "./publish.ts";

export interface BacktestRequest {
  /** The candidate; the playbook in force when absent. Without any models or lexicons it takes those in force. */
  readonly files?: PlaybookFiles | undefined;
  /** 1..3660. */
  readonly days: number;
  /** Read texts and describe customers again, also where only rules differ. */
  readonly readAgain: boolean;
  /** Sample customers, 0..100. */
  readonly samples: number;
}

/** A result with the SHA-256 of its JSON without this field: two runs that say the same have the same. */
export interface BacktestReport extends BacktestResult {
  readonly hash: string;
}

export interface BacktestWatch {
  readonly onProgress?: TrainingProgress | undefined;
  /** Aborted: the back-test rejects with INTERRUPTED soon after. */
  readonly stop?: AbortSignal | undefined;
}

/** Signals between two looks at who watches, and between two chances for everything else in this process. */
const EVERY = 500;
/** Decisions read at once: twice as quick as pages of 200, and still tens of milliseconds. */
const PAGE = 500;
/** Playbooks whose files are looked at for a warning. */
const PLAYBOOKS_READ = 50;

const isRule = (path: string): boolean => path.startsWith("rules/");

/** Files other than rules, templates and contact policy that are not the same: what texts and customers are read with. */
const otherReading = (left: PlaybookFiles, right: PlaybookFiles): readonly string[] =>
  [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((path) => !isRule(path) && left[path] !== right[path])
    .toSorted();

/** As publishing would make it of these files: corrections are kept, and a folder of rules alone goes with the models in force. */
const candidateOf = (files: PlaybookFiles | undefined, live: Playbook): Playbook => {
  if (files === undefined) return live;
  const paths = Object.keys(live.files);
  const kept = Object.keys(files).every(isRule)
    ? paths.filter((path) => !isRule(path))
    : paths.filter((path) => path === CORRECTIONS_FILE && !(path in files));
  return playbookOf({
    ...files,
    ...Object.fromEntries(kept.map((path) => [path, live.files[path] ?? ""])),
  });
};

interface Parts {
  readonly store: Store;
  readonly playbooks: Playbooks;
}

/** The whole replay; gives the SHA-256 over everything that the candidate decided. */
const tellAgain = async (
  steps: AsyncIterable<Parameters<Backtest["add"]>[0]["stored"]>,
  open: (hears: Pick<BacktestOptions, "onReplayed" | "onReleased">) => Backtest,
  { onProgress, stop, total }: BacktestWatch & { readonly total: number },
): Promise<ReturnType<Backtest["finish"]> & { readonly digest: string }> => {
  const hash = createHash("sha256");
  let done = 0;
  let read = 0;
  const backtest = open({
    onReplayed: ({ decision, settlement }) => {
      const { signalId, proposals, faults } = decision;
      const { entries, replies } = settlement;
      done += 1;
      hash.update(JSON.stringify([signalId, proposals, faults, entries, replies]));
    },
    onReleased: ({ customerId, now, entries, replies }) =>
      void hash.update(JSON.stringify([customerId, now, entries, replies])),
  });
  for await (const stored of steps) {
    backtest.add({ kind: "signal", stored });
    read += 1;
    if (read % EVERY > 0) continue;
    if (stop?.aborted === true)
      throw new AttuneError("INTERRUPTED", "The back-test was stopped before its last signal.");
    onProgress?.("back-test", done, total);
    await setImmediate();
  }
  return { ...backtest.finish(), digest: hash.digest("hex") };
};

const storedPlaybook = async (
  playbooks: Playbooks,
  hash: string,
): Promise<PreparedPlaybook | undefined> => {
  try {
    return await playbooks.byHash(hash);
  } catch (error) {
    // Of an earlier version, or gone: what was settled is told all the same.
    if (error instanceof AttuneError) return undefined;
    throw error;
  }
};

const tellSamples = async (
  drawn: readonly Drawn[],
  candidate: PreparedPlaybook,
  playbooks: Playbooks,
): Promise<readonly SampleCustomer[]> => {
  const samples: SampleCustomer[] = [];
  for (const { customer, told } of drawn) {
    const signals = [];
    for (const one of told) {
      const before = await storedPlaybook(playbooks, one.step.stored.decision.playbook);
      signals.push(tellSignal(one, { before, after: candidate }));
    }
    samples.push({ customer, signals });
  }
  return samples;
};

const listed = (names: readonly string[]): string =>
  names.length > 3
    ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`
    : names.join(", ");

/** Decisions whose facts came from other models or lexicons than the candidate has. */
const staleFacts = async (
  store: Store,
  playbooks: BacktestResult["playbooks"],
  candidate: Playbook,
): Promise<readonly string[]> => {
  let signals = 0;
  const hashes: string[] = [];
  for (const [hash, count] of Object.entries(playbooks).slice(0, PLAYBOOKS_READ)) {
    if (hash === candidate.hash) continue;
    const playbook = await store.playbook(hash);
    if (playbook !== undefined && otherReading(playbook.files, candidate.files).length === 0)
      continue;
    signals += count;
    hashes.push(hash.slice(0, 12));
  }
  return signals === 0
    ? []
    : [
        `${signals} signals were decided with other models, lexicons or corrections (playbook ${listed(hashes)}) and are judged on the facts found then; --read-again finds them anew`,
      ];
};

const waySentence = (other: readonly string[]): readonly string[] =>
  other.length === 0
    ? []
    : [
        `not the same as in force: ${listed(other)}; so texts were read and customers described again`,
      ];

const incompleteSentence = (customers: number): readonly string[] =>
  customers === 0
    ? []
    : [`of ${customers} customers earlier signals are not stored: caps may count too little`];

interface Asked {
  readonly candidate: Playbook;
  readonly prepared: PreparedPlaybook;
  readonly way: BacktestWay;
  readonly window: DecidedWindow;
  readonly rulesBefore: ReadonlySet<string>;
}

const run = async (
  { store }: Parts,
  tenant: string,
  {
    asked,
    samples,
    watch,
  }: { readonly asked: Asked; readonly samples: number; readonly watch: BacktestWatch },
) => {
  const { prepared, way, window, rulesBefore } = asked;
  const options: BacktestOptions = {
    playbook: prepared,
    way,
    rulesBefore,
    from: window.from,
    to: window.to,
    samples,
  };
  return await tellAgain(
    store.history(tenant, PAGE, window.from),
    (hears) => openBacktest({ ...options, ...hears }),
    { ...watch, total: window.signals },
  );
};

/** Rejects with PLAYBOOK_INVALID and every fault of the candidate, with NO_PLAYBOOK, with NOT_FOUND while nothing is decided, and with INTERRUPTED. */
export const backtestPlaybook = async (
  parts: Parts,
  tenant: string,
  { request, watch }: { readonly request: BacktestRequest; readonly watch: BacktestWatch },
): Promise<BacktestReport> => {
  const { store, playbooks } = parts;
  const live = await liveOf(store, tenant);
  const candidate = candidateOf(request.files, live);
  const prepared =
    candidate.hash === live.hash ? await playbooks.byHash(live.hash) : prepareOrRefuse(candidate);
  const window = await store.decidedWithin(tenant, request.days);
  if (window === undefined)
    throw new AttuneError("NOT_FOUND", "No signal is decided yet: there is nothing to test on.");
  const other = otherReading(live.files, candidate.files);
  const way = request.readAgain || other.length > 0 ? "again" : "stored";
  const inForce = await playbooks.byHash(live.hash);
  const rulesBefore = new Set(inForce.rules.inOrder.map(({ rule }) => rule));
  const asked: Asked = { candidate, prepared, way, window, rulesBefore };
  const { figures, drawn, digest } = await run(parts, tenant, {
    asked,
    samples: request.samples,
    watch,
  });
  const result: BacktestResult = {
    candidate: candidate.hash,
    way,
    warnings: [
      ...waySentence(other),
      ...(way === "stored" ? await staleFacts(store, figures.playbooks, candidate) : []),
      ...incompleteSentence(figures.customersIncomplete),
    ],
    from: window.from,
    to: window.to,
    ...figures,
    samples: await tellSamples(drawn, prepared, playbooks),
    digest,
  };
  return { ...result, hash: createHash("sha256").update(JSON.stringify(result)).digest("hex") };
};
