/**
 * Watches the canaries: a round looks at the figures of each and ends one whose guardrails are breached, once though several workers look.
 * The live playbook then decides for everybody again.
 */
import { GUARDRAILS, judgeCanary } from "../core/guardrails.ts";
import type { CanaryOf, Log, Relay, Store } from "../core/ports.ts";
import type { CanaryReport } from "../core/publication.ts";
import { openRounds, type Rounds } from "./rounds.ts";

export interface GuardOptions {
  readonly store: Store;
  readonly relay: Relay;
  readonly log: Log;
}

/** How a canary stands. */
export const reportOf = async (
  store: Store,
  { canary }: Pick<CanaryOf, "canary">,
): Promise<CanaryReport> => {
  const figures = await store.canaryFigures(canary.id);
  const { percent, since } = canary;
  const { readings, breach } = judgeCanary(figures, canary);
  return { percent, since, figures, readings, breach };
};

/** One round over the canaries of every tenant; gives the tenants whose canary it ended. */
export const guardCanaries = async ({
  store,
  relay,
  log,
}: GuardOptions): Promise<readonly string[]> => {
  const ended: string[] = [];
  for (const { tenant, canary } of await store.canaries()) {
    const report = await reportOf(store, { canary });
    if (report.breach === null) continue;
    const { sentence } = GUARDRAILS[report.breach];
    const isOurs = await store.endCanary(tenant, canary.id, {
      kind: "breached",
      hash: canary.hash,
      previous: (await store.livePlaybookHash(tenant)) ?? null,
      by: "",
      message: sentence,
      change: null,
      undoes: null,
      canary: report,
    });
    if (!isOurs) continue;
    ended.push(tenant);
    await relay.announcePlaybook(tenant);
    const { live, candidate } = report.figures;
    log("warn", "a canary was ended, because its guardrail was breached", {
      tenant,
      playbook: canary.hash,
      guardrail: report.breach,
      reason: sentence,
      live: { ...live },
      candidate: { ...candidate },
    });
  }
  return ended;
};

/** Repeats `guardCanaries` every `intervalMs`. */
export const openGuard = (options: GuardOptions & { readonly intervalMs: number }): Rounds =>
  openRounds({
    intervalMs: options.intervalMs,
    name: "looking at the guardrails of canaries",
    log: options.log,
    round: async () => void (await guardCanaries(options)),
  });
