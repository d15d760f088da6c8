import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openContactPolicy } from "../../../src/core/replies/contact-policy.ts";
import { quietUntil } from "../../../src/core/replies/quiet-hours.ts";
import { faultsIn, valueOf } from "./samples.ts";

const policyText = (quietHours: object): string =>
  JSON.stringify({ defaultLocale: "en", caps: [], quietHours });

const quietOf = (hours: string | readonly string[]) => {
  const { quietHours } = valueOf(openContactPolicy(policyText({ hours })));
  if (quietHours === undefined) throw new Error("no quiet hours");
  return quietHours;
};

const until = (hours: string | readonly string[], instant: string, zone: string): string =>
  new Date(quietUntil(quietOf(hours), Date.parse(instant), zone)).toISOString();

const time = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

const NIGHT = "mon-sun 21:00-08:00";

describe("the end of quiet hours", () => {
  it.each([
    [
      "outside of them is now",
      { instant: "2026-03-03T12:00:30.500Z", zone: "UTC", end: "2026-03-03T12:00:30.500Z" },
    ],
    [
      "is on the customer's clock",
      {
        instant: "2026-03-03T14:00:00.000Z",
        zone: "Asia/Shanghai",
        end: "2026-03-04T00:00:00.000Z",
      },
    ],
    [
      "in a zone of quarter hours",
      {
        instant: "2026-03-03T16:00:00.000Z",
        zone: "Asia/Kathmandu",
        end: "2026-03-04T02:15:00.000Z",
      },
    ],
    // London goes from 01:00 to 02:00 on 29 March 2026: the night is an hour shorter.
    [
      "in the night that is short",
      {
        instant: "2026-03-28T22:30:00.000Z",
        zone: "Europe/London",
        end: "2026-03-29T07:00:00.000Z",
      },
    ],
    // And from 02:00 back to 01:00 on 25 October 2026.
    [
      "in the night that is long",
      {
        instant: "2026-10-24T22:30:00.000Z",
        zone: "Europe/London",
        end: "2026-10-25T08:00:00.000Z",
      },
    ],
    [
      "where clocks change by half an hour",
      {
        instant: "2026-04-04T12:00:00.000Z",
        zone: "Australia/Lord_Howe",
        end: "2026-04-04T21:30:00.000Z",
      },
    ],
    // Samoa left out 30 December 2011 whole: at midnight of the 29th begins the 31st.
    [
      "on a day that a place left out",
      {
        instant: "2011-12-30T09:30:00.000Z",
        zone: "Pacific/Apia",
        end: "2011-12-30T18:00:00.000Z",
      },
    ],
  ])("%s", (_, { instant, zone, end }) => {
    expect(until(NIGHT, instant, zone)).toBe(end);
  });

  it("is where the last of touching hours ends", () => {
    expect(
      until(
        ["fri 18:00-24:00", "sat 00:00-24:00", "sun 00:00-20:00"],
        "2026-03-06T19:00:00.000Z",
        "UTC",
      ),
    ).toBe("2026-03-08T20:00:00.000Z");
  });

  it("is found though the clock jumps over the only free hour", () => {
    // 02:00 to 03:00 is the one hour that is not quiet, and London's clocks leave out 01:00 to 02:00, Berlin's 02:00 to 03:00.
    const hours = "mon-sun 03:00-02:00";
    expect(until(hours, "2026-03-28T12:00:00.000Z", "Europe/Berlin")).toBe(
      "2026-03-30T00:00:00.000Z",
    );
  });

  it("is the first minute that is not quiet, in any zone, around any change of clocks", () => {
    const zones = Intl.supportedValuesOf("timeZone").filter((_, at) => at % 9 === 0);
    const clock = fc
      .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 0, max: 1439 }))
      .filter(([from, to]) => from !== to);
    const span = fc.tuple(fc.constantFrom("mon", "sat", "mon-sun", "fri-sun"), clock);
    fc.assert(
      fc.property(
        fc.array(span, { minLength: 1, maxLength: 2 }),
        fc.constantFrom(...zones),
        fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2027-01-01") }),
        (spans, zone, instant) => {
          const hours = spans.map(([days, [from, to]]) => `${days} ${time(from)}-${time(to)}`);
          const opened = openContactPolicy(policyText({ hours }));
          if (opened.kind === "faulty" || opened.value.quietHours === undefined) return;
          const quiet = opened.value.quietHours;
          const isQuiet = (at: number): boolean => quietUntil(quiet, at, zone) !== at;
          const end = quietUntil(quiet, instant, zone);
          expect(isQuiet(end)).toBe(false);
          if (end === instant) return;
          expect(end).toBeGreaterThan(instant);
          expect(end % 60_000).toBe(0);
          // Spot checks of the time between, the last minute among them.
          for (const share of [0, 0.1, 0.35, 0.6, 0.9])
            expect(isQuiet(Math.floor(instant + share * (end - 1 - instant)))).toBe(true);
          expect(isQuiet(end - 1)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("quiet hours of a policy", () => {
  it.each([
    [{ hours: "nights" }, "quietHours.hours", '"nights" is not hours of the week'],
    [{ hours: [] }, "quietHours.hours", "is empty"],
    [{ hours: ["mon-sun 00:00-24:00"] }, "quietHours.hours", "leave no minute of the week"],
    [{ hours: NIGHT, timeZone: "Moon" }, "quietHours.timeZone", "is not an IANA time zone"],
    [{ hours: NIGHT, categories: [] }, "quietHours.categories", "is empty"],
    [{ hours: NIGHT, categories: ["transactional"] }, "quietHours.categories", "Invalid option"],
    [{ hours: NIGHT, urgentFrom: 2 }, "quietHours.urgentFrom", "is above 1"],
  ])("%j are refused", (quietHours, place, sentence) => {
    const faults = faultsIn(openContactPolicy(policyText(quietHours)));
    expect(faults.join("\n")).toContain(`rules/contact-policy.json › ${place}`);
    expect(faults.join("\n")).toContain(sentence);
  });
});
