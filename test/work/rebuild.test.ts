import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Contact, Customer } from "../../src/core/customer.ts";
import { describeCustomer } from "../../src/core/customers/features.ts";
import { foldSignal } from "../../src/core/customers/history.ts";
import { allFacts, gatherFacts, knownFacts } from "../../src/core/facts.ts";
import { foldStored } from "../../src/core/fold-stored.ts";
import type { IncomingSignal, Store, StoredDecision } from "../../src/core/ports.ts";
import { NO_PREDICTIONS } from "../../src/core/prediction.ts";
import { rememberContact } from "../../src/core/replies/caps.ts";
import { decideGroup } from "../../src/work/decide.ts";
import { rebuildCustomers } from "../../src/work/rebuild.ts";
import { aCustomer, anAnalysis, anEvent, aReply, incoming } from "../builders.ts";
import { streams, type Told } from "../core/customers/streams.ts";
import { complaint, deciderOf, fresh, openRoom, type Room, SHIPPED } from "./room.ts";

interface Lived {
  readonly customer: Customer;
  readonly stored: readonly StoredDecision[];
}

/** What living through a stream leaves: the customer folded step by step, and what the store would have kept of every step. */
const live = (stream: readonly (Told & { readonly reply: boolean })[]): Lived => {
  let customer = aCustomer({ id: "c1" });
  const stored: StoredDecision[] = [];
  for (const { signal: told, reading, reply } of stream) {
    const signal = { ...told, customerId: "c1" };
    // A signal may be accepted before or after others that are later in time.
    const now = stored.length % 3 === 0 ? "2026-05-01T00:00:00.000Z" : signal.at;
    const analysis =
      reading === null ? null : anAnalysis(reading as Parameters<typeof anAnalysis>[0]);
    customer = foldSignal(customer, { signal, analysis, now });
    const features = describeCustomer(customer, now);
    const facts = gatherFacts({
      signal,
      analysis,
      now,
      customer,
      features,
      predictions: NO_PREDICTIONS,
    });
    const replies = reply
      ? [aReply({ customerId: "c1", signalId: signal.id, rule: `rules/${stored.length}`, at: now })]
      : [];
    const contacts = replies.reduce<readonly Contact[]>(
      (known, { category, rule, slot, at }) => rememberContact(known, { at, category, rule, slot }),
      customer.contacts,
    );
    customer = { ...customer, contacts, lastSeq: customer.lastSeq + replies.length };
    stored.push(
      JSON.parse(
        JSON.stringify({
          accepted: { tenant: "default", signal, now },
          decision: { customerVersion: customer.version, facts: allFacts(knownFacts(facts)) },
          settlement: { replies },
        }),
      ) as StoredDecision,
    );
  }
  return { customer, stored };
};

describe("folding stored signals again", () => {
  it("gives the customer that was folded one signal at a time, from what decisions keep", () => {
    const stream = streams(30).chain((told) =>
      fc
        .array(fc.boolean(), { minLength: told.length, maxLength: told.length })
        .map((replies) => told.map((one, index) => ({ ...one, reply: replies[index] === true }))),
    );
    fc.assert(
      fc.property(stream, (list) => {
        const { customer, stored } = live(list);
        const empty = aCustomer({ id: "c1", lastSeq: customer.lastSeq });
        expect(stored.reduce(foldStored, empty)).toEqual(customer);
      }),
      { numRuns: 1_200 },
    );
  });
});

let room: Room;
beforeAll(async () => {
  room = await openRoom();
  await room.store.publish("default", SHIPPED);
}, 60_000);
afterAll(() => room.stop());

const decideAll = (signals: readonly IncomingSignal[], store = room.store): Promise<void> =>
  decideGroup(deciderOf({ ...room, store }), signals);

/** A life in three groups: orders, feedback of both kinds, a late signal, a repeated one, traits. */
const aLife = async (customerId: string): Promise<void> => {
  const event = (type: string, at: string, properties = {}): IncomingSignal => {
    const id = fresh("signal");
    const signal = anEvent({ id, customerId, at, type, properties });
    return incoming(signal, { clock: "signal" });
  };
  const said = (text: string, at: string): IncomingSignal => {
    const told = complaint({ customerId, text, at });
    return { ...told, clock: "signal" };
  };
  const order = event("order.completed", "2026-02-03T10:00:00.000Z", {
    amount: 12.1,
    items: [{ sku: "tea", quantity: 2 }],
  });
  await decideAll([
    order,
    said("My parcel is late again. I am really annoyed!", "2026-02-05T10:00:00.000Z"),
  ]);
  await decideAll([
    order,
    event("app.opened", "2026-01-05T10:00:00.000Z"),
    event("order.completed", "2026-02-01T10:00:00.000Z", { amount: 0.2 }),
  ]);
  await decideAll([
    said("Lovely tea, thank you!", "2026-02-06T10:00:00.000Z"),
    said("茶叶受潮了，太差了", "2026-02-07T10:00:00.000Z"),
  ]);
};

const pageOf = (customerId: string, write = false, store: Store = room.store) =>
  rebuildCustomers(
    { ...store, customers: async () => [await customerOf(customerId)] },
    { tenant: "default", write, after: "", limit: 10 },
  );

const customerOf = async (id: string): Promise<Customer> => {
  const found = await room.store.customer({ tenant: "default", id });
  if (found === undefined) throw new Error(`no customer ${id}`);
  return found;
};

/** As a version that knew neither days nor items would have stored it, and with a trait that nobody sent. */
const spoil = async (id: string): Promise<Customer> => {
  const before = await customerOf(id);
  const { days: _days, ...history } = before.history;
  const { items: _items, ...orders } = history.orders;
  const spoiled = { ...before, traits: { name: "Nobody" }, history: { ...history, orders } };
  await room.store.replaceCustomer(spoiled as unknown as Customer);
  return before;
};

describe("rebuilding customers in a real store", () => {
  it("finds nothing where nothing is wrong", async () => {
    const id = fresh("customer");
    await aLife(id);
    expect(await pageOf(id)).toEqual({ customers: 1, signals: 6, findings: [], next: null });
    expect((await customerOf(id)).contacts.length).toBeGreaterThan(0);
  });

  it("says what differs and changes nothing until it is told to write", async () => {
    const id = fresh("customer");
    await aLife(id);
    const before = await spoil(id);
    const fields = ["traits.name", "history.days", "history.orders.items"];
    const found = { customerId: id, kind: "different", fields, written: false };
    expect((await pageOf(id)).findings).toEqual([found]);
    expect((await customerOf(id)).history.days).toEqual([]);
    expect((await pageOf(id, true)).findings).toEqual([{ ...found, written: true }]);
    expect(await customerOf(id)).toEqual(before);
    expect((await pageOf(id, true)).findings).toEqual([]);
  });

  it("leaves a customer alone whose stored signals have a gap", async () => {
    const id = fresh("customer");
    await aLife(id);
    await spoil(id);
    const gapped: Store = {
      ...room.store,
      decisionsOf: async function* (key, after) {
        for await (const stored of room.store.decisionsOf(key, after))
          if (stored.decision.customerVersion !== 2) yield stored;
      },
    };
    expect((await pageOf(id, true, gapped)).findings).toEqual([
      { customerId: id, kind: "incomplete", fields: [], written: false },
    ]);
    expect((await customerOf(id)).traits).toEqual({ name: "Nobody" });
  });

  it("folds again when a signal is decided meanwhile, and gives up when that never ends", async () => {
    const id = fresh("customer");
    await aLife(id);
    await spoil(id);
    let busy = 1;
    const moving: Store = {
      ...room.store,
      replaceCustomer: async (customer) => {
        if (busy > 0) await decideAll([complaint({ customerId: id })]);
        busy -= 1;
        return room.store.replaceCustomer(customer);
      },
    };
    const [settled] = (await pageOf(id, true, moving)).findings;
    expect(settled).toMatchObject({ kind: "different", written: true });
    expect(await pageOf(id)).toMatchObject({ signals: 7, findings: [] });
    await spoil(id);
    busy = 100;
    expect((await pageOf(id, true, moving)).findings).toMatchObject([
      { kind: "moved", written: false },
    ]);
  });

  it("leaves out what was decided after the customer was read, and goes through every page", async () => {
    const [first, second] = ["a", "b"].map((name) => `!${fresh(name)}`);
    if (first === undefined || second === undefined) return;
    await aLife(first);
    await aLife(second);
    const stale = await customerOf(first);
    await decideAll([complaint({ customerId: first })]);
    const reading: Store = { ...room.store, customers: async () => [stale] };
    const request = { tenant: "default", write: false, after: "", limit: 1 };
    expect(await rebuildCustomers(reading, request)).toMatchObject({ signals: 6, findings: [] });
    const one = await rebuildCustomers(room.store, request);
    expect(one).toMatchObject({ customers: 1, next: first });
    const two = await rebuildCustomers(room.store, { ...request, after: first });
    expect(two).toMatchObject({ customers: 1, findings: [], next: second });
    const none = await rebuildCustomers(room.store, { ...request, tenant: "nobody" });
    expect(none).toEqual({ customers: 0, signals: 0, findings: [], next: null });
  });
});
