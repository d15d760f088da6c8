/**
 * A person corrects what a text means: the correction joins the playbook, which becomes a new version, and the layer that it teaches reads from then on.
 * Decisions made before stay explained by the playbook that made them.
 */
import {
  type Correction,
  CORRECTIONS_FILE,
  correctionSchema,
  readCorrections,
  withCorrection,
  writeCorrections,
} from "../core/text/corrections.ts";
import { faultsOf } from "../core/fault.ts";
import type { Playbook } from "../core/playbook.ts";
import type { Relay, SignalKey, Store } from "../core/ports.ts";
import { AttuneError } from "../errors.ts";
import type { CorrectionReceipt } from "./attune.ts";
import { DEFAULT_TENANT } from "./tenant.ts";
import { prepareOrRefuse } from "./playbooks.ts";
import { changeCandidate } from "./publication.ts";
import { entryOf, playbookOf } from "./publish.ts";

/** Two people may correct at once; whoever lost looks again. */
const TRIES = 8;

const maskedTextOf = async (store: Store, key: SignalKey): Promise<string> => {
  const stored = await store.decision(key);
  const text = stored?.decision.facts["feedback.text"];
  if (typeof text === "string") return text;
  const why =
    stored === undefined ? "is not known or not decided yet" : "is an event, not feedback";
  throw new AttuneError("NOT_FOUND", `"${key.id}" ${why}; only decided feedback can be corrected.`);
};

const liveOf = async (store: Store, tenant: string): Promise<Playbook> => {
  const live = (await store.livePlaybook(tenant)) ?? (await store.livePlaybook(DEFAULT_TENANT));
  if (live === undefined)
    throw new AttuneError("NO_PLAYBOOK", `No playbook is published for tenant "${tenant}".`);
  return live;
};

/** The corrections of a playbook; one that is in force has sound ones. */
export const correctionsIn = (playbook: Playbook): readonly Correction[] => {
  const read = readCorrections(playbook.files[CORRECTIONS_FILE]);
  return read.kind === "sound" ? read.value : [];
};

/** Rejects with INPUT_INVALID for labels that are none, NOT_FOUND for feedback that was not decided. */
export const correct = async (
  { store, relay }: { readonly store: Store; readonly relay: Relay },
  key: SignalKey,
  labels: unknown,
): Promise<CorrectionReceipt> => {
  const text = await maskedTextOf(store, key);
  const parsed = correctionSchema.safeParse({ ...(labels as object), id: key.id, text });
  if (!parsed.success)
    throw new AttuneError("INPUT_INVALID", "The correction cannot be used.", {
      faults: faultsOf(parsed.error, "correction"),
    });
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const live = await liveOf(store, key.tenant);
    const corrections = withCorrection(correctionsIn(live), parsed.data);
    const playbook = playbookOf({
      ...live.files,
      [CORRECTIONS_FILE]: writeCorrections(corrections),
    });
    prepareOrRefuse(playbook);
    const entry = entryOf({
      kind: "correction",
      hash: playbook.hash,
      previous: live.hash,
      message: `feedback ${key.id}`,
    });
    if (!(await store.publish(key.tenant, playbook, { over: live.hash, entry }))) continue;
    await changeCandidate({ store }, key.tenant, (files) => ({
      ...files,
      [CORRECTIONS_FILE]: writeCorrections(corrections),
    }));
    await relay.announcePlaybook(key.tenant);
    return { correction: parsed.data, corrections: corrections.length, playbook: playbook.hash };
  }
  throw new AttuneError(
    "STORE_UNREACHABLE",
    "The playbook changed again and again while the correction was made.",
  );
};
