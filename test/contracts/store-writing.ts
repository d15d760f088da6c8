/** Part of the store's contract. What a group writes, byte for byte. */
import { expect, test } from "vitest";
import type { Customer } from "../../src/core/customer.ts";
import { EMPTY_HISTORY } from "../../src/core/history.ts";
import type { Decided, Store } from "../../src/core/ports.ts";
import { aFeedback, aProposal, aReply, decide, incoming } from "../builders.ts";
import { decideNow, fresh, must, ownSignal } from "./store-kit.ts";

export const writingTests = (opened: () => Store): void => {
  test("what was decided comes back byte for byte", async () => {
    const texts = [
      "\u{1F600}\u{1F468}\u{200D}\u{1F469}",
      "\"quotes\" 'and' \\ back\\\\slashes",
      "退货太慢了!",
      "\u2028\u0001\t\n\r",
      "{}[],:$1 -- ;",
    ];
    const signal = aFeedback({
      ...ownSignal(),
      text: `${texts.join(" ")}${"x".repeat(19_000)}`,
      subject: "s",
      rating: 4.5,
      context: { z: 1, a: [null, true, 1e21, -0.1, 5e-324, ""], "": { 'quo"te': texts.join() } },
    });
    let written: Decided | undefined;
    await opened().group(async (transaction) => {
      const [before] = await transaction.lockCustomers([
        { tenant: "default", id: signal.customerId },
      ]);
      const { open } = await transaction.claim([incoming(signal)]);
      const folded = decide(must(open[0]), must(before), {
        proposals: [
          aProposal({
            signalId: signal.id,
            slot: "b",
            rule: "z/last",
            values: { words: texts.join() },
            handover: "team",
          }),
          aProposal({ signalId: signal.id, slot: "a", rule: "a/first" }),
        ],
        faults: [{ rule: "x/y", code: "rule_fault", detail: texts.join() }],
      });
      const replies = folded.decided.settlement.replies
        .toReversed()
        .map((reply) => ({ ...reply, title: texts.join(), body: signal.text }));
      written = { ...folded.decided, settlement: { ...folded.decided.settlement, replies } };
      await transaction.write(
        [written],
        [{ ...folded.customer, traits: { name: texts.join(), custom: { tier: 1 } } }],
      );
    });
    const key = { tenant: "default", id: signal.id };
    expect(JSON.stringify(await opened().decision(key))).toBe(JSON.stringify(written));
    const customer = await opened().customer({ tenant: "default", id: signal.customerId });
    expect(customer?.traits).toEqual({ name: texts.join(), custom: { tier: 1 } });
    expect(Object.keys(must(customer))).toEqual([
      "tenant",
      "id",
      "version",
      "traits",
      "history",
      "contacts",
      "lastSeq",
      "waiting",
    ]);
  });

  test("a reply with a team to hand over to keeps it, and others have no such field", async () => {
    const signal = ownSignal();
    await opened().group(async (transaction) => {
      const [before] = await transaction.lockCustomers([
        { tenant: "default", id: signal.customerId },
      ]);
      const { open } = await transaction.claim([incoming(signal)]);
      const { decided, customer } = decide(must(open[0]), must(before));
      const common = { customerId: signal.customerId, signalId: signal.id };
      const replies = [
        aReply({ ...common, slot: "a", handover: "returns" }),
        aReply({ ...common, seq: 2, slot: "b" }),
      ];
      await transaction.write(
        [{ ...decided, settlement: { ...decided.settlement, replies } }],
        [{ ...customer, lastSeq: 2 }],
      );
    });
    const inbox = await opened().inbox(
      { tenant: "default", id: signal.customerId },
      { after: 0, limit: 10 },
    );
    expect(inbox.map((reply) => [reply.handover, "handover" in reply])).toEqual([
      ["returns", true],
      [undefined, false],
    ]);
  });

  test("writing the same decision again changes nothing", async () => {
    const signal = ownSignal();
    let written: { decided: Decided; customer: Customer } | undefined;
    await opened().group(async (transaction) => {
      const [before] = await transaction.lockCustomers([
        { tenant: "default", id: signal.customerId },
      ]);
      const { open } = await transaction.claim([incoming(signal)]);
      written = decide(must(open[0]), must(before));
      await transaction.write([written.decided], [written.customer]);
    });
    const { decided, customer } = must(written);
    const before = await opened().counts();
    await opened().group((transaction) => transaction.write([decided], [customer]));
    expect(await opened().counts()).toEqual(before);
    expect(await opened().customer({ tenant: "default", id: signal.customerId })).toEqual(customer);
    expect(await opened().decision({ tenant: "default", id: signal.id })).toEqual(decided);
  });

  test("a signal without proposals is decided without a reply, and an empty write writes nothing", async () => {
    const signal = ownSignal();
    await opened().group(async (transaction) => {
      const [before] = await transaction.lockCustomers([
        { tenant: "default", id: signal.customerId },
      ]);
      const { open } = await transaction.claim([incoming(signal)]);
      const { decided, customer } = decide(must(open[0]), must(before), { proposals: [] });
      await transaction.write([], []);
      await transaction.write([decided], [customer]);
    });
    const stored = await opened().decision({ tenant: "default", id: signal.id });
    expect(stored?.decision.proposals).toEqual([]);
    expect(stored?.settlement.replies).toEqual([]);
  });

  test("several signals of one customer in one group fold one after another", async () => {
    const customerId = fresh("customer");
    const signals = Array.from({ length: 5 }, () => ownSignal({ customerId }));
    await decideNow(opened(), ...signals);
    const versions = await Promise.all(
      signals.map(
        async ({ id }) =>
          (await opened().decision({ tenant: "default", id }))?.decision.customerVersion,
      ),
    );
    expect(versions).toEqual([1, 2, 3, 4, 5]);
  });

  test("nothing is known of what was never decided", async () => {
    expect(await opened().decision({ tenant: "default", id: fresh("signal") })).toBeUndefined();
    expect(await opened().customer({ tenant: "default", id: fresh("customer") })).toBeUndefined();
  });

  test("a customer is replaced only at the version named, and what an earlier version stored is completed", async () => {
    const signal = ownSignal();
    await decideNow(opened(), signal);
    const key = { tenant: "default", id: signal.customerId };
    const before = must(await opened().customer(key));
    const old = { signals: 7, orders: { count: 2 } } as unknown as Customer["history"];
    const contact = { at: "2026-03-01T09:30:00.000Z", category: "service", rule: "a/b" } as const;
    const other: Customer = {
      ...before,
      traits: { name: "退货" },
      history: old,
      contacts: [contact],
      lastSeq: 99,
    };
    expect(await opened().replaceCustomer({ ...other, version: before.version + 1 })).toBe(false);
    expect(await opened().customer(key)).toEqual(before);
    expect(await opened().replaceCustomer(other)).toBe(true);
    const complete = {
      ...EMPTY_HISTORY,
      signals: 7,
      orders: { ...EMPTY_HISTORY.orders, count: 2 },
    };
    const after = { ...other, history: complete, lastSeq: before.lastSeq };
    expect(await opened().customer(key)).toEqual(after);
    const [locked] = await opened().group((transaction) => transaction.lockCustomers([key]));
    expect(locked).toEqual(after);
    expect(await opened().replaceCustomer({ ...other, id: fresh("customer") })).toBe(false);
  });
};
