import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SignalQueue } from "../../src/core/ports.ts";
import { localAttune } from "../../src/work/local.ts";
import { retrainSchedules, scheduleRetraining } from "../../src/work/schedules.ts";
import { fresh, lostConnection, openRoom, type Room } from "./room.ts";

const SUNDAYS = "0 3 * * 0";

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.stop());

const attune = () => localAttune(room);
const idsOf = async (tenant: string) =>
  (await attune().retrainSchedules(tenant)).map(({ id }) => id);

describe("a schedule of retraining", () => {
  it("is planned with what was asked for and listed with its next time, soonest first", async () => {
    const tenant = fresh("tenant");
    const yearly = await attune().scheduleRetraining(tenant, { cron: "  0 3\t1 1  * " });
    expect(yearly).toMatchObject({
      cron: "0 3 1 1 *",
      timeZone: "UTC",
      nextAt: expect.stringMatching(/-01-01T03:00:00\.000Z$/u) as string,
      tasks: ["segments", "churn", "spend", "offers"],
      seed: 1,
      promote: false,
    });
    const often = await attune().scheduleRetraining(tenant, {
      cron: "* * * * *",
      timeZone: "Europe/Berlin",
      tasks: ["spend", "churn", "spend"],
      seed: 7,
      promote: true,
    });
    expect(often).toMatchObject({
      timeZone: "Europe/Berlin",
      tasks: ["churn", "spend"],
      seed: 7,
      promote: true,
    });
    expect(await attune().retrainSchedules(tenant)).toEqual([often, yearly]);
  });

  it("takes the place of the older one for the same tenant and tasks, in whatever order they come", async () => {
    const [tenant, other] = [fresh("tenant"), fresh("tenant")];
    const tasks = ["spend", "churn"];
    const first = await attune().scheduleRetraining(tenant, { cron: SUNDAYS, tasks });
    await attune().scheduleRetraining(other, { cron: SUNDAYS, tasks });
    const second = await attune().scheduleRetraining(tenant, {
      cron: "@daily",
      tasks: tasks.toReversed(),
      promote: true,
    });
    expect(second).toMatchObject({ id: first.id, cron: "@daily", promote: true });
    await attune().scheduleRetraining(tenant, { cron: SUNDAYS, tasks: ["churn"] });
    expect(await idsOf(tenant)).toHaveLength(2);
    expect(await attune().retrainSchedules(other)).toMatchObject([{ cron: SUNDAYS }]);
  });

  it("has an id that a person can type for the default tenant", async () => {
    const { id } = await attune().scheduleRetraining("default", {
      cron: SUNDAYS,
      tasks: ["spend", "churn"],
    });
    expect(id).toBe("retrain-churn-spend");
    expect(await idsOf("default")).toEqual([id]);
  });

  it("is ended by its tenant alone", async () => {
    const tenant = fresh("t".repeat(190));
    const planned = await attune().scheduleRetraining(tenant, { cron: SUNDAYS });
    await expect(attune().endRetrainSchedule("default", planned.id)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining(`the id "${planned.id.slice(0, 20)}`) as string,
    });
    expect(await attune().endRetrainSchedule(tenant, planned.id)).toEqual(planned);
    expect(await idsOf(tenant)).toEqual([]);
    await expect(attune().endRetrainSchedule(tenant, planned.id)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it.each([
    [{ cron: "3 o'clock" }, `cron: "3 o'clock" is not a cron expression: it has 2 fields; write`],
    [{ cron: "0 25 * * *" }, '"0 25 * * *" is not a cron expression: Constraint error'],
    [{ cron: "" }, 'such as "0 3 * * 1" for Mondays at three'],
    [{ cron: SUNDAYS, timeZone: "CEST?" }, 'timeZone: "CEST?" is not a time zone; give an IANA'],
    [{ cron: SUNDAYS, tasks: [] }, "tasks: is empty; name at least one model to train"],
    [
      { cron: SUNDAYS, tasks: ["churn", "spent"] },
      'tasks[1]: "spent" is no task with a model; did',
    ],
    [{ cron: SUNDAYS, seed: 0.5 }, "seed: is not a whole number; give 0 to 2147483647"],
  ])("is refused as %j, and the older one stays", async (request, sentence) => {
    const tenant = fresh("tenant");
    const kept = await attune().scheduleRetraining(tenant, { cron: "@weekly" });
    await expect(attune().scheduleRetraining(tenant, request)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringMatching(/^The retraining cannot be scheduled\.\n/u) as string,
    });
    await expect(attune().scheduleRetraining(tenant, request)).rejects.toThrow(sentence);
    expect(await attune().retrainSchedules(tenant)).toEqual([kept]);
  });

  it("of another kind, or with data that no worker reads, is not listed", async () => {
    const tenant = fresh("tenant");
    const every = { cron: SUNDAYS };
    await room.queue.schedule({ id: fresh("x"), every, job: { name: "event", data: { tenant } } });
    const data = { tenant, tasks: "churn" };
    await room.queue.schedule({ id: fresh("x"), every, job: { name: "retrain", data } });
    expect(await attune().retrainSchedules(tenant)).toEqual([]);
  });
});

const away = () => Promise.reject(lostConnection());

describe("when the queue is away", () => {
  it("planning and listing say so as the queue does", async () => {
    const queue: SignalQueue = { ...room.queue, schedule: away, schedules: away };
    await expect(scheduleRetraining(queue, "default", { cron: SUNDAYS })).rejects.toThrow(
      "ECONNREFUSED",
    );
    await expect(retrainSchedules(queue, "default")).rejects.toThrow("ECONNREFUSED");
  });
});
