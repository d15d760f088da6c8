/** Part of the store's contract. The history of publications, and canaries: begun once, counted by customer, ended once. */
import { expect, test } from "vitest";
import type { Canary, CanaryTally } from "../../src/core/canary.ts";
import type { Store } from "../../src/core/ports.ts";
import type { NewPublication } from "../../src/core/publication.ts";
import { fresh, must } from "./store-kit.ts";

const playbook = () => ({ hash: fresh("hash"), files: { "rules/a.json": fresh("text") } });

const entry = (change: Partial<NewPublication>): NewPublication => ({
  kind: "publish",
  hash: "h",
  previous: null,
  by: "ann",
  message: "for the sale",
  change: null,
  undoes: null,
  canary: null,
  ...change,
});

const canaryOf = (hash: string): Canary => ({
  id: fresh("canary"),
  hash,
  percent: 12.5,
  salt: "s",
  replyFactor: 2,
  by: "ann",
  message: "try it",
});

/** A tenant with a live playbook and a canary of another. */
const begun = async (store: Store) => {
  const tenant = fresh("tenant");
  const [live, candidate] = [playbook(), playbook()];
  await store.publish(tenant, live);
  const canary = canaryOf(candidate.hash);
  const told = entry({ kind: "canary", hash: candidate.hash, previous: live.hash });
  const isBegun = await store.beginCanary(tenant, { canary, playbook: candidate }, told);
  return { tenant, live, candidate, canary, isBegun };
};

const aTally = (canary: string, change: Partial<CanaryTally> = {}): CanaryTally => ({
  canary,
  tenant: "default",
  customerId: "c1",
  side: "candidate",
  signals: 1,
  replies: 0,
  faults: 0,
  negatives: 0,
  isFirstNegative: false,
  ...change,
});

export const publicationTests = (opened: () => Store): void => {
  test("every change of what is live is in the history, newest first, with what was said of it", async () => {
    const tenant = fresh("tenant");
    const [first, second] = [playbook(), playbook()];
    await opened().publish(tenant, first);
    const told = entry({
      kind: "rollback",
      hash: second.hash,
      previous: first.hash,
      undoes: 7,
      change: {
        rules: { added: 1, changed: 0, removed: 2 },
      } as NewPublication["change"],
    });
    await opened().publish(tenant, second, { entry: told });
    // Live already, or over another: nothing changed, so nothing is told.
    await opened().publish(tenant, second, { entry: told });
    await opened().publish(tenant, first, { over: first.hash, entry: told });
    const history = await opened().publications(tenant, 10);
    expect(history).toEqual([
      { ...told, place: expect.any(Number) as number, at: expect.any(String) as string },
      {
        ...entry({ hash: first.hash, by: "", message: "" }),
        place: expect.any(Number) as number,
        at: expect.any(String) as string,
      },
    ]);
    expect(must(history[0]).place).toBeGreaterThan(must(history[1]).place);
    expect(must(history[0]).at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
    expect(await opened().publications(tenant, 1)).toHaveLength(1);
    expect(await opened().publications(fresh("tenant"), 10)).toEqual([]);
  });

  test("a tenant has one canary, which is kept with its candidate until it ends", async () => {
    const { tenant, live, candidate, canary, isBegun } = await begun(opened());
    expect(isBegun).toBe(true);
    const another = playbook();
    const second = canaryOf(another.hash);
    expect(
      await opened().beginCanary(tenant, { canary: second, playbook: another }, entry({})),
    ).toBe(false);
    expect(await opened().canary(tenant)).toEqual({
      ...canary,
      since: expect.any(String) as string,
    });
    expect(await opened().canary(fresh("tenant"))).toBeUndefined();
    expect((await opened().canaries()).filter((one) => one.tenant === tenant)).toHaveLength(1);
    expect(await opened().livePlaybookHash(tenant)).toBe(live.hash);
    expect(await opened().playbook(candidate.hash)).toEqual(candidate);
    const kinds = (await opened().publications(tenant, 10)).map(({ kind }) => kind);
    expect(kinds).toEqual(["canary", "publish"]);
  });

  test("a canary goes on with a changed candidate, but not one that has ended", async () => {
    const { tenant, canary } = await begun(opened());
    const changed = playbook();
    expect(await opened().changeCanary(tenant, canary.id, changed)).toBe(true);
    expect((await opened().canary(tenant))?.hash).toBe(changed.hash);
    expect(await opened().playbook(changed.hash)).toEqual(changed);
    expect(await opened().changeCanary(tenant, "another", changed)).toBe(false);
  });

  test("a canary ends once, for nobody or for all", async () => {
    for (const kind of ["breached", "promoted"] as const) {
      const { tenant, live, candidate, canary } = await begun(opened());
      const told = entry({ kind, hash: candidate.hash, previous: live.hash });
      const ended = await Promise.all(
        [1, 2, 3].map(() => opened().endCanary(tenant, canary.id, told)),
      );
      expect(ended.filter(Boolean)).toHaveLength(1);
      expect(await opened().canary(tenant)).toBeUndefined();
      expect(await opened().livePlaybookHash(tenant)).toBe(
        kind === "promoted" ? candidate.hash : live.hash,
      );
      const kinds = (await opened().publications(tenant, 10)).map((one) => one.kind);
      expect(kinds).toEqual([kind, "canary", "publish"]);
    }
  });

  test("customers of a canary are counted once each, whatever comes of them", async () => {
    const { tenant, canary } = await begun(opened());
    const tally = (change: Partial<CanaryTally>) => aTally(canary.id, { tenant, ...change });
    await opened().tally([
      tally({ customerId: "a", replies: 2, negatives: 1, isFirstNegative: true }),
      tally({ customerId: "b", faults: 1, negatives: 2 }),
      tally({ customerId: "c", side: "live", replies: 1 }),
    ]);
    await opened().group((transaction) =>
      transaction.tally([
        // The first feedback of a customer who is known already can be a complaint about what came before it.
        tally({ customerId: "a", replies: 1, negatives: 1, isFirstNegative: true }),
        tally({ customerId: "c", side: "live", signals: 3 }),
      ]),
    );
    expect(await opened().canaryFigures(canary.id)).toEqual({
      live: {
        customers: 1,
        signals: 4,
        replies: 1,
        faulty: 0,
        answered: 1,
        answeredOften: 0,
        complained: 0,
      },
      candidate: {
        customers: 2,
        signals: 3,
        replies: 3,
        faulty: 1,
        answered: 1,
        answeredOften: 1,
        complained: 2,
      },
    });
    await opened().endCanary(tenant, canary.id, entry({ kind: "aborted" }));
    // What a late group counts belongs to nobody.
    await opened().tally([tally({ customerId: "late" })]);
    const { live, candidate } = await opened().canaryFigures(canary.id);
    expect([live.customers, candidate.customers]).toEqual([0, 0]);
  });

  test("customers of several tenants that share a playbook are told apart", async () => {
    const { canary } = await begun(opened());
    await opened().tally([
      aTally(canary.id, { tenant: "one" }),
      aTally(canary.id, { tenant: "two" }),
    ]);
    expect((await opened().canaryFigures(canary.id)).candidate.customers).toBe(2);
  });
};
