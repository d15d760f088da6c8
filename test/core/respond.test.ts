import { describe, expect, it } from "vitest";
import type { Customer } from "../../src/core/customer.ts";
import { featuresOf, productsIn } from "../../src/core/facts.ts";
import { predict } from "../../src/core/models/predict.ts";
import { analyseSignal, respond } from "../../src/core/respond.ts";
import { evaluateRules } from "../../src/core/rules/evaluate.ts";
import type { PreparedPlaybook } from "../../src/core/prepare.ts";
import { aFeedback, anEvent } from "../builders.ts";
import { accepted, fixtureSignals, newCustomer, shippedPlaybook, tell } from "./story.ts";

const playbook = shippedPlaybook();
const sample = fixtureSignals().slice(0, 1_000);

const LATE = aFeedback({
  text: "My parcel is late again. I am really annoyed!",
});

/** Throws where anything is written to what was passed in. */
const frozen = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
};

/** What a rule does that cannot be evaluated. */
const cannotBeRead = (): never => {
  throw new TypeError("cannot be read");
};

describe("respond", () => {
  it("gives the same bytes for the same signal, customer and playbook, also from another preparation", () => {
    const again = tell(sample, shippedPlaybook());
    for (const [index, stored] of tell(sample, playbook).entries())
      expect(JSON.stringify(again[index])).toBe(JSON.stringify(stored));
  });

  it("changes nothing that was passed in", () => {
    for (const signal of sample.slice(0, 200)) {
      const customer: Customer = frozen(newCustomer(signal.customerId));
      const concluded = respond(frozen(accepted(signal)), customer, playbook);
      expect(concluded.customer).not.toBe(customer);
      expect(customer.version).toBe(0);
    }
  });

  it("names the signal, the customer's version and the playbook in its decision", () => {
    const customer = { ...newCustomer("customer-1"), version: 41 };
    const { decision, customer: after } = respond(accepted(LATE), customer, playbook);
    expect(decision).toMatchObject({
      tenant: "default",
      signalId: LATE.id,
      customerId: "customer-1",
      customerVersion: 42,
      playbook: playbook.hash,
      now: LATE.at,
    });
    expect(after.version).toBe(42);
  });

  it("describes the customer with the signal folded in", () => {
    const { decision, customer } = respond(
      accepted(anEvent({ properties: { amount: 80 } })),
      newCustomer("customer-1"),
      playbook,
    );
    expect(decision.facts).toMatchObject({ "customer.frequency": 1, "customer.monetary": 80 });
    expect(customer.history).not.toEqual(newCustomer("customer-1").history);
  });

  it("takes traits that came with the signal over before it decides", () => {
    const signal = aFeedback({
      ...LATE,
      traits: { locale: "zh-Hans-CN", custom: { tier: "gold" } },
    });
    const { decision } = respond(accepted(signal), newCustomer("customer-1"), playbook);
    expect(decision.facts["customer.locale"]).toBe("zh-Hans-CN");
    expect(decision.proposals.map(({ locale }) => locale)).toContain("zh-Hans-CN");
  });

  it("predicts from the features that it writes down", () => {
    for (const { decision } of tell(sample, playbook)) {
      const { segment, churn, spend, offers } = predict(
        featuresOf(decision.facts),
        playbook.models,
        productsIn(decision.facts),
      );
      expect([
        decision.facts["prediction.segment"],
        decision.facts["prediction.churn"],
        decision.facts["prediction.spend"],
        decision.facts["prediction.offers"],
      ]).toEqual([
        segment?.name ?? null,
        churn?.probability ?? null,
        spend?.amount ?? null,
        offers?.map(({ product }) => product) ?? null,
      ]);
    }
  });

  it("proposes what its facts match, in firing order", () => {
    for (const { decision } of tell(sample, playbook)) {
      const { matches } = evaluateRules(playbook.rules, decision.facts);
      expect(decision.proposals.map(({ rule }) => rule)).toEqual(matches.map(({ rule }) => rule));
      expect(decision.faults).toEqual([]);
    }
  });

  it("writes a rule that cannot be evaluated down beside what the others propose", () => {
    const [broken] = playbook.rules.firing;
    if (broken === undefined) throw new Error("there are no rules");
    const faulty: PreparedPlaybook = {
      ...playbook,
      rules: {
        ...playbook.rules,
        firing: playbook.rules.firing.map((rule) =>
          rule === broken
            ? {
                ...rule,
                matches: cannotBeRead,
                get condition() {
                  return cannotBeRead();
                },
              }
            : rule,
        ),
      },
    };
    const whole = respond(accepted(LATE), newCustomer("customer-1"), playbook).decision;
    const { decision } = respond(accepted(LATE), newCustomer("customer-1"), faulty);
    expect(decision.faults).toEqual([
      { rule: broken.rule, code: "rule_fault", detail: "cannot be read" },
    ]);
    expect(decision.proposals).toEqual(whole.proposals.filter(({ rule }) => rule !== broken.rule));
  });
});

describe("the analysis of a signal", () => {
  it("is that of its text, and null for an event", () => {
    expect(analyseSignal(LATE, playbook, "labels")?.topics[0]?.label).toBe("delivery");
    expect(analyseSignal(anEvent(), playbook, "cues")).toBeNull();
  });
});
