import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decideGroup } from "../../src/work/decide.ts";
import { localAttune } from "../../src/work/local.ts";
import { publishPlaybook } from "../../src/work/publish.ts";
import { incoming, anEvent } from "../builders.ts";
import { complaint, deciderOf, FILES, keyOf, openRoom, type Room, SHIPPED } from "./room.ts";

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.stop());

const decided = async (one = complaint()) => {
  await room.store.publish("default", SHIPPED);
  await decideGroup(deciderOf(room), [one]);
  return one;
};

describe("a correction", () => {
  it("makes a new playbook, which reads the text as corrected, and old decisions keep theirs", async () => {
    const text = "the harbour bell rings at night, write to a@b.example";
    const one = await decided(complaint({ text }));
    const attune = localAttune(room);
    const receipt = await attune.correct(keyOf(one), {
      sentiment: "very_negative",
      topics: ["hygiene_safety"],
    });
    expect(receipt.playbook).not.toBe(SHIPPED.hash);
    expect(receipt).toMatchObject({
      corrections: 1,
      correction: { text: text.replace("a@b.example", "[email]") },
    });
    expect(await room.store.livePlaybookHash("default")).toBe(receipt.playbook);
    const again = complaint({ text });
    await decideGroup(deciderOf(room), [again]);
    const explained = await attune.explain(keyOf(again));
    expect(explained.decision.playbook).toBe(receipt.playbook);
    expect(explained.analysis?.topics.map(({ label }) => label)).toContain("hygiene_safety");
    expect((await attune.explain(keyOf(one))).decision.playbook).toBe(SHIPPED.hash);
  });

  it("is kept when files that know no corrections are published, and replaced by a later one", async () => {
    const one = await decided();
    const attune = localAttune(room);
    await attune.correct(keyOf(one), { sentiment: "neutral" });
    await publishPlaybook(room, "default", FILES);
    await attune.correct(keyOf(one), { urgent: true });
    const own = (await attune.corrections("default")).filter(({ id }) => id === keyOf(one).id);
    expect(own).toMatchObject([{ sentiment: "neutral", urgent: true }]);
  });

  it("by two people at once is not lost", async () => {
    const [left, right] = [await decided(), await decided()];
    const attune = localAttune(room);
    await Promise.all([
      attune.correct(keyOf(left), { sentiment: "mixed" }),
      attune.correct(keyOf(right), { sentiment: "mixed" }),
    ]);
    const ids = (await attune.corrections("default")).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([keyOf(left).id, keyOf(right).id]));
  });

  it("is refused for labels that are none, for nothing, and for what was not decided or is no feedback", async () => {
    const one = await decided();
    const attune = localAttune(room);
    for (const labels of [{ sentiment: "bad" }, {}, { topics: [] }, { mood: "x" }, null])
      await expect(attune.correct(keyOf(one), labels)).rejects.toMatchObject({
        code: "INPUT_INVALID",
      });
    await expect(
      attune.correct({ tenant: "default", id: "nobody" }, { urgent: true }),
    ).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    const event = incoming(anEvent());
    await decideGroup(deciderOf(room), [event]);
    await expect(attune.correct(keyOf(event), { urgent: true })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});
