/** Part of the store's contract. Inboxes, history, counts, tenants and playbooks. */
import { expect, test } from "vitest";
import type { Store } from "../../src/core/ports.ts";
import { incoming } from "../builders.ts";
import { fresh, must, decideAll, decideNow, collect, ownSignal, inTenant } from "./store-kit.ts";

export const readingTests = (opened: () => Store): void => {
  test("an inbox is read in pages by seq and acknowledged up to a seq", async () => {
    const customer = { tenant: "default", id: fresh("customer") };
    await decideNow(
      opened(),
      ...Array.from({ length: 7 }, () => ownSignal({ customerId: customer.id })),
    );
    const page = async (after: number, limit: number) =>
      (await opened().inbox(customer, { after, limit })).map(({ seq, state }) => [seq, state]);
    expect(await page(0, 3)).toEqual([
      [1, "visible"],
      [2, "visible"],
      [3, "visible"],
    ]);
    expect(await page(6, 3)).toEqual([[7, "visible"]]);
    expect(await page(7, 3)).toEqual([]);
    expect(await page(2 ** 31, 3)).toEqual([]);
    expect(await opened().acknowledge(customer, 2)).toBe(2);
    expect(await opened().acknowledge(customer, 2)).toBe(0);
    expect(await opened().acknowledge(customer, 2 ** 31)).toBe(5);
    expect(await page(1, 1)).toEqual([[2, "acknowledged"]]);
  });

  test("tenants do not see each other, though every id is the same", async () => {
    const [left, right] = [fresh("tenant"), fresh("tenant")];
    const signal = ownSignal();
    await opened().group((transaction) => decideAll(transaction, [inTenant(left, signal)]));
    const reader = { tenant: right, id: signal.customerId };
    expect(await opened().signalState({ tenant: right, id: signal.id })).toBe("unknown");
    expect(await opened().inbox(reader, { after: 0, limit: 10 })).toEqual([]);
    expect(await opened().acknowledge(reader, 10)).toBe(0);
    expect(await opened().customer(reader)).toBeUndefined();
    expect(await collect(opened().history(right))).toEqual([]);
    await opened().group((transaction) => decideAll(transaction, [inTenant(right, signal)]));
    for (const tenant of [left, right]) {
      expect(await opened().customer({ tenant, id: signal.customerId })).toMatchObject({
        tenant,
        version: 1,
      });
      expect(
        (await opened().inbox({ tenant, id: signal.customerId }, { after: 0, limit: 10 })).map(
          (reply) => reply.tenant,
        ),
      ).toEqual([tenant]);
    }
  });

  test("a window ends with the newest decision, and history leaves out who did nothing in it", async () => {
    const tenant = fresh("tenant");
    const [early, late, both] = [fresh("customer"), fresh("customer"), fresh("customer")];
    const at = (customerId: string, day: string) => ({
      ...inTenant(tenant, { ...ownSignal({ customerId }), at: `${day}T00:00:00.000Z` }),
      clock: "signal" as const,
    });
    await opened().group((transaction) =>
      decideAll(transaction, [
        at(early, "2026-01-01"),
        at(both, "2026-01-02"),
        at(both, "2026-01-09"),
        at(late, "2026-01-10"),
      ]),
    );
    const window = must(await opened().decidedWithin(tenant, 1));
    expect(window).toEqual({
      from: "2026-01-09T00:00:00.000Z",
      to: "2026-01-10T00:00:00.000Z",
      // One exactly a day old is outside.
      signals: 1,
    });
    expect((await opened().decidedWithin(tenant, 2))?.signals).toBe(2);
    expect((await opened().decidedWithin(tenant, 3_660))?.signals).toBe(4);
    expect(await opened().decidedWithin(fresh("tenant"), 30)).toBeUndefined();
    const seen = [];
    for await (const { decision } of opened().history(tenant, 1, "2026-01-08T00:00:00.000Z"))
      seen.push([decision.customerId, decision.now.slice(0, 10)]);
    expect(seen).toEqual(
      [
        [late, "2026-01-10"],
        [both, "2026-01-02"],
        [both, "2026-01-09"],
      ].toSorted(([left = ""], [right = ""]) => (left < right ? -1 : Number(left > right))),
    );
  });

  test("hashes of playbooks are found by how they begin", async () => {
    const hashes = ["5eed0", "5eed1", "5eee0"].map((start) => start.padEnd(64, "0"));
    for (const hash of hashes)
      await opened().publish(fresh("tenant"), { hash, files: { "rules/a.json": hash } });
    expect(await opened().playbookHashes("5eee")).toEqual(hashes.slice(2));
    expect(await opened().playbookHashes("5ee")).toEqual(hashes.slice(0, 2));
    expect(await opened().playbookHashes("%")).toEqual([]);
  });

  test.each([1, 2, 3, 100])(
    "history comes in (customer, version) order, %i a page, while others write",
    async (pageSize) => {
      const tenant = fresh("tenant");
      const customers = [fresh("customer"), fresh("customer"), fresh("customer")];
      const round = () =>
        customers.toReversed().map((customerId) => inTenant(tenant, ownSignal({ customerId })));
      await opened().group((transaction) => decideAll(transaction, [...round(), ...round()]));
      const seen: (readonly [string, number])[] = [];
      for await (const { decision } of opened().history(tenant, pageSize)) {
        if (seen.length === 0)
          await opened().group((transaction) =>
            decideAll(transaction, [inTenant(tenant, ownSignal())]),
          );
        seen.push([decision.customerId, decision.customerVersion]);
      }
      const old = seen.filter(([customerId]) => customers.includes(customerId));
      expect(old).toEqual(
        customers.toSorted().flatMap((id) => [
          [id, 1],
          [id, 2],
        ]),
      );
      expect(new Set(seen.map(String)).size).toBe(seen.length);
      const all = await collect(opened().history(tenant));
      expect(all).toHaveLength(7);
      expect(all).toContainEqual(
        await opened().decision({ tenant, id: must(all[0]).accepted.signal.id }),
      );
    },
  );

  test("customers come in pages by id, and one's decisions in the order of versions above the one named", async () => {
    const tenant = fresh("tenant");
    const ids = ["b", "a", "乙", "Z"];
    await opened().group((transaction) =>
      decideAll(
        transaction,
        ids.map((customerId) => inTenant(tenant, ownSignal({ customerId }))),
      ),
    );
    const page = async (after: string, limit: number) =>
      (await opened().customers(tenant, { after, limit })).map(({ id }) => id);
    expect(await page("", 10)).toEqual(["Z", "a", "b", "乙"]);
    expect(await page("a", 1)).toEqual(["b"]);
    expect(await page("乙", 5)).toEqual([]);
    expect(await opened().customers(fresh("tenant"), { after: "", limit: 5 })).toEqual([]);
    const [customer] = await opened().customers(tenant, { after: "Z", limit: 1 });
    expect(customer).toEqual(await opened().customer({ tenant, id: "a" }));
    const more = Array.from({ length: 210 }, () =>
      inTenant(tenant, ownSignal({ customerId: "a" })),
    );
    await opened().group((transaction) => decideAll(transaction, more));
    const versions = async (after: number) =>
      (await collect(opened().decisionsOf({ tenant, id: "a" }, after))).map(
        ({ decision }) => decision.customerVersion,
      );
    expect(await versions(0)).toEqual(Array.from({ length: 211 }, (_, index) => index + 1));
    expect(await versions(209)).toEqual([210, 211]);
    expect(await versions(211)).toEqual([]);
  });

  test("counts tell what waits, what is decided and what is dead", async () => {
    const before = await opened().counts();
    const [waiting, decided, dead] = [ownSignal(), ownSignal(), fresh("job")];
    await opened().accept([incoming(waiting)]);
    await decideNow(opened(), decided);
    await opened().bury({
      tenant: "default",
      id: dead,
      reason: "invalid",
      detail: "d",
      payload: {},
    });
    const after = await opened().counts();
    const grown = Object.fromEntries(
      Object.entries(after).map(([name, count]) => [
        name,
        count - before[name as keyof typeof before],
      ]),
    );
    expect(grown).toEqual({
      accepted: 1,
      decided: 1,
      replies: 1,
      deadLetters: 1,
      customers: 1,
      waiting: 0,
    });
  });
};

export const playbookTests = (opened: () => Store): void => {
  test("a tenant's live playbook is the one published last, and older ones stay", async () => {
    const [tenant, other] = [fresh("tenant"), fresh("tenant")];
    const first = {
      hash: fresh("hash"),
      files: { "rules/b.json": '{"quote\\"": "退货"}', "rules/a.json": "" },
    };
    const second = { hash: fresh("hash"), files: {} };
    expect(await opened().livePlaybook(tenant)).toBeUndefined();
    expect(await opened().livePlaybookHash(tenant)).toBeUndefined();
    expect(await opened().playbook(first.hash)).toBeUndefined();
    await opened().publish(tenant, first);
    await opened().publish(tenant, second);
    await opened().publish(other, first);
    expect(await opened().livePlaybook(tenant)).toEqual(second);
    expect(await opened().livePlaybookHash(tenant)).toBe(second.hash);
    expect(JSON.stringify(await opened().playbook(first.hash))).toBe(JSON.stringify(first));
    await opened().publish(tenant, first);
    expect(await opened().livePlaybookHash(tenant)).toBe(first.hash);
    expect(await opened().tenants()).toEqual(expect.arrayContaining([tenant, other]));
  });

  test("a playbook that follows another one goes live only while that one is", async () => {
    const tenant = fresh("tenant");
    const [first, second, third] = ["1", "2", "3"].map((text) => ({
      hash: fresh("hash"),
      files: { "rules/a.json": text, "models/shared.json": "the same in all" },
    }));
    if (first === undefined || second === undefined || third === undefined) return;
    expect(await opened().publish(tenant, first)).toBe(true);
    expect(await opened().publish(tenant, second, { over: first.hash })).toBe(true);
    expect(await opened().publish(tenant, third, { over: first.hash })).toBe(false);
    expect(await opened().livePlaybook(tenant)).toEqual(second);
    expect(await opened().publish(tenant, third, { over: second.hash })).toBe(true);
    for (const one of [first, second, third])
      expect(await opened().playbook(one.hash)).toEqual(one);
  });
};
