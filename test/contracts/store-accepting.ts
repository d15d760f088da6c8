/** Part of the store's contract. How signals come in and how they leave: accepted, overdue, suspected, dead. */
import { expect, test } from "vitest";
import type { Store } from "../../src/core/ports.ts";
import { aFeedback, anEvent, incoming } from "../builders.ts";
import { fresh, must, decideAll, decideNow, ownSignal, inTenant } from "./store-kit.ts";

export const acceptanceTests = (opened: () => Store): void => {
  test("an accepted signal waits, with the database's time as its now", async () => {
    const signal = ownSignal();
    const key = { tenant: "default", id: signal.id };
    expect(await opened().signalState(key)).toBe("unknown");
    await opened().accept([incoming(signal)]);
    expect(await opened().signalState(key)).toBe("accepted");
    const { open } = await decideNow(opened(), signal);
    expect(open).toHaveLength(1);
    expect(open[0]?.now).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u);
    expect(Math.abs(Date.parse(must(open[0]).now) - Date.now())).toBeLessThan(60_000);
    expect(await opened().signalState(key)).toBe("decided");
  });

  test("an id accepted twice keeps the first content and the first now", async () => {
    const signal = aFeedback({ ...ownSignal(), text: "first" });
    await opened().accept([
      incoming(signal, { clock: "signal" }),
      incoming({ ...signal, text: "same call" }),
    ]);
    await opened().accept([incoming({ ...signal, text: "second" })]);
    const { open } = await decideNow(opened(), { ...signal, text: "third" });
    expect(open).toEqual([{ tenant: "default", signal, now: signal.at }]);
  });

  test("accepting nothing is nothing", async () => {
    await expect(opened().accept([])).resolves.toBeUndefined();
  });

  test.each([
    ["a past at", "2020-02-29T12:00:00.123Z", true],
    ["a future at", "2999-01-01T00:00:00.000Z", false],
  ])("by the signal's clock, %s counts as now: %s → %s", async (_what, at, kept) => {
    const accepted = anEvent({ id: fresh("signal"), customerId: fresh("customer"), at });
    const direct = { ...accepted, id: fresh("signal") };
    await opened().accept([incoming(accepted, { clock: "signal" })]);
    const { open } = await opened().group((transaction) =>
      decideAll(transaction, [incoming(accepted), incoming(direct, { clock: "signal" })]),
    );
    for (const { now } of open) {
      expect(now === at).toBe(kept);
      expect(Date.parse(now)).toBeLessThan(Date.now() + 60_000);
    }
    expect(open).toHaveLength(2);
  });

  test("overdue signals come oldest first and as they were accepted, by the database's clock", async () => {
    const tenant = fresh("tenant");
    const [first, second] = [
      anEvent({
        ...ownSignal(),
        kind: "event",
        type: "app.opened",
        at: "2020-01-01T00:00:00.000Z",
      }),
      ownSignal(),
    ];
    const clean = anEvent({ id: first.id, customerId: first.customerId, at: first.at });
    await opened().accept([inTenant(tenant, clean, "signal")]);
    await opened().accept([inTenant(tenant, second)]);
    const ours = async (olderThanMs: number, limit: number) =>
      (await opened().takeOverdue(olderThanMs, limit)).filter(
        (waiting) => waiting.tenant === tenant,
      );
    expect(await ours(0, 10_000)).toEqual([
      inTenant(tenant, clean, "signal"),
      inTenant(tenant, second),
    ]);
    // Accepted a moment ago, however old the signal itself is.
    expect(await ours(3_600_000, 10_000)).toEqual([]);
    // Each was taken a moment ago, and its wait has begun anew.
    expect(await ours(60_000, 10_000)).toEqual([]);
    expect((await opened().takeOverdue(0, 1)).length).toBe(1);
    await opened().group((transaction) =>
      decideAll(transaction, [inTenant(tenant, clean), inTenant(tenant, second)]),
    );
    expect(await ours(0, 10_000)).toEqual([]);
  });
};

export const deadLetterTests = (opened: () => Store): void => {
  const letter = {
    tenant: "default",
    reason: "fault",
    detail: 'the rule "x" broke',
    payload: { z: 1, a: "\u{1F480}" },
  } as const;

  test("a dead letter closes its signal for good and is kept once, newest first", async () => {
    const signal = ownSignal();
    await opened().accept([incoming(signal)]);
    const first = { ...letter, id: fresh("job") };
    const second = { ...letter, id: signal.id };
    await opened().bury(first);
    await opened().bury(second);
    await opened().bury({ ...second, detail: "again" });
    expect(
      JSON.stringify((await opened().deadLetters(2)).map(({ id, ...rest }) => ({ id, rest }))),
    ).toBe(
      JSON.stringify(
        [second, first].map(({ id, tenant, reason, detail, payload }) => ({
          id,
          rest: { tenant, reason, detail, payload },
        })),
      ),
    );
    expect(await opened().deadLetters(1)).toHaveLength(1);
    expect(await opened().signalState({ tenant: "default", id: signal.id })).toBe("dead");
    expect((await decideNow(opened(), signal)).open).toEqual([]);
    await opened().accept([incoming(signal)]);
    expect(await opened().signalState({ tenant: "default", id: signal.id })).toBe("dead");
  });

  test("a decided signal cannot be buried", async () => {
    const signal = ownSignal();
    await decideNow(opened(), signal);
    const before = await opened().counts();
    await opened().bury({ ...letter, id: signal.id });
    expect(await opened().counts()).toEqual(before);
    expect(await opened().signalState({ tenant: "default", id: signal.id })).toBe("decided");
  });

  test("attempts at a suspected signal are counted, known or not, and do not make it accepted", async () => {
    const [unknown, known] = [ownSignal(), ownSignal()];
    const key = { tenant: "default", id: unknown.id };
    expect([
      await opened().suspect(key),
      await opened().suspect(key),
      await opened().suspect(key),
    ]).toEqual([1, 2, 3]);
    expect(await opened().signalState(key)).toBe("unknown");
    await opened().accept([incoming(known)]);
    expect(await opened().suspect({ tenant: "default", id: known.id })).toBe(1);
    expect(await opened().signalState({ tenant: "default", id: known.id })).toBe("accepted");
  });

  test("an attempt that the worker survived is taken back, and no further than to zero", async () => {
    const signal = ownSignal();
    const key = { tenant: "default", id: signal.id };
    await opened().acquit(key);
    expect(await opened().signalState(key)).toBe("unknown");
    expect([await opened().suspect(key), await opened().suspect(key)]).toEqual([1, 2]);
    await opened().acquit(key);
    expect(await opened().suspect(key)).toBe(2);
    for (let time = 0; time < 4; time += 1) await opened().acquit(key);
    expect(await opened().suspect(key)).toBe(1);
  });

  test("a suspected signal takes its now when it is claimed or accepted, and can still be buried", async () => {
    const [claimed, accepted, buried] = [ownSignal(), ownSignal(), ownSignal()];
    for (const { id } of [claimed, accepted, buried])
      await opened().suspect({ tenant: "default", id });
    const { open } = await opened().group((transaction) =>
      decideAll(transaction, [incoming(claimed, { clock: "signal" })]),
    );
    expect(open).toEqual([{ tenant: "default", signal: claimed, now: claimed.at, replayed: true }]);
    await opened().accept([incoming(accepted, { clock: "signal" })]);
    expect(await opened().signalState({ tenant: "default", id: accepted.id })).toBe("accepted");
    expect((await opened().takeOverdue(0, 10_000)).map(({ signal }) => signal.id)).toContain(
      accepted.id,
    );
    await opened().bury({ ...letter, id: buried.id });
    expect(await opened().signalState({ tenant: "default", id: buried.id })).toBe("dead");
  });
};
