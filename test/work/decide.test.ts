import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { IncomingSignal } from "../../src/core/ports.ts";
import { AttuneError } from "../../src/errors.ts";
import { conclude, type Conclude } from "../../src/work/conclude.ts";
import { decideGroup } from "../../src/work/decide.ts";
import { openPlaybooks } from "../../src/work/playbooks.ts";
import { playbookOf } from "../../src/work/publish.ts";
import {
  complaint,
  deciderOf,
  fresh,
  keyOf,
  lostConnection,
  openRoom,
  refusing,
  type Room,
  SHIPPED,
  statesOf,
  variant,
} from "./room.ts";

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
beforeEach(() => room.store.publish("default", SHIPPED));
afterAll(() => room.stop());

const group = (count: number, changes: { customerId?: string } = {}): readonly IncomingSignal[] =>
  Array.from({ length: count }, () => complaint(changes));

const idsOf = (signals: readonly IncomingSignal[]) => signals.map(({ signal }) => signal.id);

/** Concludes everything but the signals with these ids. */
const choking =
  (...ids: readonly string[]): Conclude =>
  (accepted, customer, playbook) => {
    if (ids.includes(accepted.signal.id)) throw new TypeError(`cannot read ${accepted.signal.id}`);
    return conclude(accepted, customer, playbook);
  };

const letterOf = async (one: IncomingSignal | undefined) =>
  (await room.store.deadLetters(500)).find(({ id }) => id === one?.signal.id);

const inboxOf = ({ tenant, signal }: IncomingSignal) =>
  room.store.inbox({ tenant, id: signal.customerId }, { after: 0, limit: 100 });

const versionOf = async (tenant: string, id: string) =>
  (await room.store.customer({ tenant, id }))?.version;

const hashesOf = (signals: readonly IncomingSignal[]) =>
  Promise.all(
    signals.map(async (one) => (await room.store.decision(keyOf(one)))?.decision.playbook),
  );

const mustNotBeAsked = (): never => {
  throw new Error("the store was asked");
};

describe("a group", () => {
  it("folds the signals of one customer in the order given", async () => {
    const customerId = fresh("customer");
    const signals = group(4, { customerId });
    await decideGroup(deciderOf(room), signals);
    const versions = await Promise.all(
      signals.map(async (one) => (await room.store.decision(keyOf(one)))?.decision.customerVersion),
    );
    expect(versions).toEqual([1, 2, 3, 4]);
    expect(await versionOf("default", customerId)).toBe(4);
  });

  it("counts a signal that stands twice in it once", async () => {
    const one = complaint();
    await decideGroup(deciderOf(room), [one, one]);
    expect(await versionOf("default", one.signal.customerId)).toBe(1);
    expect(await inboxOf(one)).toHaveLength(1);
  });

  it("leaves what is decided or dead as it is, and decides the rest", async () => {
    const [before, dead, after] = [complaint(), complaint(), complaint()];
    await decideGroup(deciderOf(room, { conclude: choking(dead.signal.id) }), [before, dead]);
    const stored = JSON.stringify(await room.store.decision(keyOf(before)));
    await room.store.publish("default", playbookOf(variant("Other support")));
    await decideGroup(deciderOf(room), [before, dead, after]);
    expect(JSON.stringify(await room.store.decision(keyOf(before)))).toBe(stored);
    expect(await statesOf(room.store, [before, dead, after])).toEqual([
      "decided",
      "dead",
      "decided",
    ]);
    expect(await versionOf("default", before.signal.customerId)).toBe(1);
  });

  it("asks nothing of the store when it is empty", async () => {
    const store = { ...room.store, group: mustNotBeAsked };
    await expect(decideGroup(deciderOf(room, { store }), [])).resolves.toBeUndefined();
  });
});

describe("a signal that cannot be concluded", () => {
  it("is set aside alone, with its reason and all that came; the rest are decided", async () => {
    const signals = group(5);
    const culprit = signals[2];
    await decideGroup(deciderOf(room, { conclude: choking(idsOf(signals)[2] ?? "") }), signals);
    expect(await statesOf(room.store, signals)).toEqual(
      signals.map((one) => (one === culprit ? "dead" : "decided")),
    );
    expect(await letterOf(culprit)).toEqual({
      tenant: "default",
      id: culprit?.signal.id,
      reason: "fault",
      detail: `TypeError: cannot read ${culprit?.signal.id}`,
      payload: culprit?.signal,
    });
    expect(room.said).toContainEqual(
      expect.objectContaining({
        level: "error",
        details: expect.objectContaining({ signal: culprit?.signal.id }) as object,
      }),
    );
  });

  it("leaves no trace in its customer's history", async () => {
    const customerId = fresh("customer");
    const signals = group(3, { customerId });
    await decideGroup(deciderOf(room, { conclude: choking(idsOf(signals)[1] ?? "") }), signals);
    expect(await versionOf("default", customerId)).toBe(2);
  });

  it("is buried later if the store goes away at that moment, and its neighbours are not decided again", async () => {
    const signals = group(3);
    const [first, culprit] = signals;
    const away = { ...room.store, bury: () => Promise.reject(lostConnection()) };
    const choke = choking(culprit?.signal.id ?? "");
    const decider = deciderOf(room, { conclude: choke });
    await expect(decideGroup({ ...decider, store: away }, signals)).rejects.toThrow("ECONNREFUSED");
    expect(await letterOf(culprit)).toBeUndefined();
    await decideGroup(decider, signals);
    expect(await statesOf(room.store, signals)).toEqual(["decided", "dead", "decided"]);
    expect(await versionOf("default", first?.signal.customerId ?? "")).toBe(1);
  });

  it("may throw anything, of any length", async () => {
    const one = complaint();
    const decider = deciderOf(room, {
      conclude: () => {
        // eslint-disable-next-line typescript/only-throw-error -- what a dependency may do
        throw `\0\ud800${"x".repeat(5_000)}`;
      },
    });
    await decideGroup(decider, [one]);
    expect((await letterOf(one))?.detail).toBe(`\ufffd${"x".repeat(998)}`);
  });
});

describe("a group whose writing fails", () => {
  it.each([1, 2, 7, 8])(
    "of %i is halved until the culprit is alone; neighbours are decided, nothing twice",
    async (count) => {
      for (const place of new Set([0, count >> 1, count - 1])) {
        const signals = group(count);
        const culprit = signals[place];
        const { store, groups } = refusing(room.store, culprit?.signal.id ?? "");
        await decideGroup(deciderOf(room, { store }), signals);
        expect(await statesOf(room.store, signals)).toEqual(
          signals.map((one) => (one === culprit ? "dead" : "decided")),
        );
        expect(await letterOf(culprit)).toMatchObject({
          reason: "fault",
          detail: `Error: the row of ${culprit?.signal.id} violates a check`,
        });
        expect(groups.findLast((ids) => ids.includes(culprit?.signal.id ?? ""))).toEqual([
          culprit?.signal.id,
        ]);
        for (const one of signals) expect(await inboxOf(one)).toHaveLength(one === culprit ? 0 : 1);
      }
    },
  );

  it("with several culprits loses exactly those, and keeps a customer's order", async () => {
    const customerId = fresh("customer");
    const signals = group(6, { customerId });
    const ids = idsOf(signals);
    const { store } = refusing(room.store, ids[0] ?? "", ids[3] ?? "");
    await decideGroup(deciderOf(room, { store }), signals);
    const decisions = await Promise.all(signals.map((one) => room.store.decision(keyOf(one))));
    expect(decisions.map((stored) => stored?.decision.customerVersion)).toEqual([
      undefined,
      1,
      2,
      undefined,
      3,
      4,
    ]);
    const inbox = await room.store.inbox(
      { tenant: "default", id: customerId },
      { after: 0, limit: 100 },
    );
    expect(inbox.map(({ seq }) => seq)).toEqual(inbox.map((_, index) => index + 1));
    expect(new Set(inbox.map(({ signalId, slot }) => `${signalId} ${slot}`)).size).toBe(
      inbox.length,
    );
  });
});

describe("a broken world", () => {
  it.each([
    ["a lost connection", lostConnection()],
    ["a deadlock", Object.assign(new Error("deadlock detected"), { code: "40P01" })],
    ["a full disk", Object.assign(new Error("could not extend file"), { code: "53100" })],
    ["a wrapped cause", new Error("the group failed", { cause: lostConnection() })],
  ])("(%s) is told to the caller, and nothing is buried or decided", async (_name, error) => {
    const signals = group(3);
    let asked = 0;
    const store = {
      ...room.store,
      group: () => {
        asked += 1;
        return Promise.reject(error);
      },
    };
    await expect(decideGroup(deciderOf(room, { store }), signals)).rejects.toBe(error);
    expect(asked).toBe(1);
    expect(await statesOf(room.store, signals)).toEqual(["unknown", "unknown", "unknown"]);
    await decideGroup(deciderOf(room), signals);
    expect(await statesOf(room.store, signals)).toEqual(["decided", "decided", "decided"]);
  });

  it("in the middle of the halving loses nothing of what is decided and buries nobody else", async () => {
    const signals = group(4);
    const refused = refusing(room.store, idsOf(signals)[0] ?? "");
    let bound = 3;
    const store = {
      ...refused.store,
      group: ((work) =>
        (bound -= 1) < 0
          ? Promise.reject(lostConnection())
          : refused.store.group(work)) as typeof room.store.group,
    };
    await expect(decideGroup(deciderOf(room, { store }), signals)).rejects.toThrow("ECONNREFUSED");
    expect(await statesOf(room.store, signals)).toEqual(["dead", "unknown", "unknown", "unknown"]);
    await decideGroup(deciderOf(room), signals);
    expect(await statesOf(room.store, signals)).toEqual(["dead", "decided", "decided", "decided"]);
  });
});

describe("the playbook of a group", () => {
  it("is each tenant's own, and the default tenant's for who has none", async () => {
    const [own, other, none] = [fresh("shop"), fresh("shop"), fresh("shop")];
    const [ownBook, otherBook] = [playbookOf(variant(own)), playbookOf(variant(other))];
    await room.store.publish(own, ownBook);
    await room.store.publish(other, otherBook);
    const signals = [own, other, none, "default", own].map((tenant) => complaint({}, tenant));
    await decideGroup(deciderOf(room), signals);
    expect(await hashesOf(signals)).toEqual([
      ownBook.hash,
      otherBook.hash,
      SHIPPED.hash,
      SHIPPED.hash,
      ownBook.hash,
    ]);
  });

  it("keeps customers and signals of two tenants apart that have the same ids", async () => {
    const shop = fresh("shop");
    const one = complaint();
    const two = complaint({ id: one.signal.id, customerId: one.signal.customerId }, shop);
    await decideGroup(deciderOf(room), [one, two]);
    expect(await statesOf(room.store, [one, two])).toEqual(["decided", "decided"]);
    expect(await versionOf("default", one.signal.customerId)).toBe(1);
    expect(await versionOf(shop, one.signal.customerId)).toBe(1);
  });

  it("is one, even when another is published while the group is halved", async () => {
    const signals = group(6);
    const refused = refusing(room.store, idsOf(signals)[1] ?? "");
    const playbooks = openPlaybooks(room.store, room.log);
    const changed = playbookOf(variant("In between"));
    const store = {
      ...refused.store,
      group: (async (work) => {
        await room.store.publish("default", changed);
        playbooks.lookAgain("default");
        return await refused.store.group(work);
      }) as typeof room.store.group,
    };
    const decider = deciderOf(room, { store, inForce: (tenant) => playbooks.inForce(tenant) });
    await decideGroup(decider, signals);
    const next = complaint();
    await decideGroup(decider, [next]);
    expect(await hashesOf(signals)).toEqual(
      signals.map((_, place) => (place === 1 ? undefined : SHIPPED.hash)),
    );
    expect(await hashesOf([next])).toEqual([changed.hash]);
  });

  it("that cannot be prepared stops the group and buries nobody", async () => {
    const shop = fresh("shop");
    const broken = playbookOf({ ...variant(shop), "rules/delivery.json": "{" });
    await room.store.publish(shop, broken);
    const signals = [complaint({}, shop), complaint({}, shop)];
    const failing = decideGroup(deciderOf(room), signals);
    await expect(failing).rejects.toBeInstanceOf(AttuneError);
    await expect(failing).rejects.toMatchObject({ code: "PLAYBOOK_INVALID" });
    expect(await statesOf(room.store, signals)).toEqual(["unknown", "unknown"]);
  });
});
