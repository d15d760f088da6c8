import { describe, expect, it } from "vitest";
import { faultsIn, leaf, withConditions } from "./build.ts";

const at = (place: string, sentence: string) =>
  `rules/test.json › r › conditions.all[0]${place}: ${sentence}`;

describe("an operator must fit the fact and the value", () => {
  it.each<[condition: unknown, sentence: string]>([
    [
      leaf("feedback.topic", "greaterThan", 1),
      "it compares numbers, but feedback.topic is text; use equal, notEqual, in or notIn, or give a number",
    ],
    [
      leaf("feedback.rating", "lessThan", "3"),
      'it compares numbers, but value "3" is text; use equal, notEqual, in or notIn, or give a number',
    ],
    [
      leaf("feedback.rating", "lessThan", null),
      "it compares numbers, but value null is null; use equal, notEqual, in or notIn, or give a number",
    ],
    [
      leaf("feedback.rating", "greaterThan", { fact: "event.type" }),
      "it compares numbers, but event.type is text; use equal, notEqual, in or notIn, or give a number",
    ],
    [
      leaf("feedback.rating", "equal", "3"),
      'value "3" is text, but feedback.rating is a number; compare values of one type',
    ],
    [
      leaf("feedback.hasPersonalData", "notEqual", "yes"),
      'value "yes" is text, but feedback.hasPersonalData is true or false; compare values of one type',
    ],
    [
      leaf("feedback.topic", "equal", "delivry"),
      'value "delivry" is not among the values of feedback.topic; did you mean "delivery"?',
    ],
    [
      leaf("signal.kind", "equal", "weather"),
      'value "weather" is not among the values of signal.kind; use one of feedback, event',
    ],
    [
      leaf("feedback.topics", "equal", "delivery"),
      "feedback.topics is a list, and no two of them are equal; compare items with in, contains, someFact or everyFact, or give a path",
    ],
    [
      leaf("feedback.context", "equal", "x"),
      "feedback.context is an object, and no two of them are equal; compare items with in, contains, someFact or everyFact, or give a path",
    ],
    [
      leaf("event.type", "equal", ["a"]),
      'value ["a"] is a list, and no two of them are equal; compare items with in, contains, someFact or everyFact, or give a path',
    ],
    [
      leaf("feedback.topic", "in", "delivery"),
      'it looks into a list, but value "delivery" is text; write the value as a list, such as ["a", "b"]',
    ],
    [
      leaf("feedback.topic", "notIn", { fact: "event.type" }),
      'it looks into a list, but event.type is text; write the value as a list, such as ["a", "b"]',
    ],
    [
      leaf("feedback.topic", "in", ["delivery", "prise"]),
      'value "prise" is not among the values of feedback.topic; did you mean "praise"?',
    ],
    [
      leaf("event.type", "in", ["a", 3]),
      "value 3 is a number, but event.type is text; compare values of one type",
    ],
    [
      leaf("event.type", "in", ["a", ["b"]]),
      'value ["b"] is a list, and no two of them are equal; compare items with in, contains, someFact or everyFact, or give a path',
    ],
    [
      leaf("feedback.topics", "in", ["delivery"]),
      "feedback.topics is a list, and no two of them are equal; look for text, a number, true or false",
    ],
    [
      leaf("feedback.text", "contains", "late"),
      "it looks into a list, but feedback.text is text; use containsText or containsWord for text, equal or in for a single value",
    ],
    [
      leaf("feedback.topics", "contains", "delivry"),
      'value "delivry" is not among the values of feedback.topics; did you mean "delivery"?',
    ],
    [
      leaf("feedback.topics", "contains", 3),
      "value 3 is a number, but an item of feedback.topics is text; compare values of one type",
    ],
    [
      leaf("feedback.topics", "doesNotContain", ["delivery"]),
      'value ["delivery"] is a list, and no two of them are equal; look for text, a number, true or false',
    ],
    [
      leaf("feedback.topics", "someFact:equal", "delivry"),
      'value "delivry" is not among the values of an item of feedback.topics; did you mean "delivery"?',
    ],
    [
      leaf("feedback.topic", "someFact:equal", "delivery"),
      '"someFact" takes a list apart, but feedback.topic is text; give a list or remove "someFact:"',
    ],
    [
      leaf("feedback.topics", "someValue:contains", "delivery"),
      '"someValue" takes a list apart, but value "delivery" is text; give a list or remove "someValue:"',
    ],
    [
      leaf("feedback.topics", "everyValue:contains", ["delivery", "prise"]),
      'value "prise" is not among the values of feedback.topics; did you mean "praise"?',
    ],
    [
      leaf("feedback.topic", "swap:greaterThan", 1),
      "it compares numbers, but feedback.topic is text; use equal, notEqual, in or notIn, or give a number",
    ],
    [
      leaf("feedback.topic", "swap:contains", ["delivry"]),
      'value "delivry" is not among the values of feedback.topic; did you mean "delivery"?',
    ],
    [
      leaf("feedback.topic", "swap:equal", "delivry"),
      'value "delivry" is not among the values of feedback.topic; did you mean "delivery"?',
    ],
  ])("%j", (condition, sentence) => {
    const operator = (condition as { readonly operator: string }).operator;
    expect(faultsIn(withConditions({ all: [condition] }))).toEqual([
      at("", `operator "${operator}" does not fit: ${sentence}`),
    ]);
  });
});

it.each<[condition: unknown]>([
  [leaf("feedback.topic", "equal", "delivery")],
  [leaf("feedback.context", "equal", null)],
  [leaf("feedback.topics", "notEqual", null)],
  [leaf("feedback.topic", "in", ["delivery", null])],
  [leaf("feedback.topic", "not:in", [])],
  [leaf("feedback.topic", "in", { fact: "feedback.topics" })],
  [leaf("feedback.topic", "equal", { fact: "event.type" })],
  [leaf("feedback.topics", "contains", { fact: "feedback.topic" })],
  [leaf("feedback.topics", "someFact:in", ["delivery", "praise"])],
  [leaf("feedback.topics", "everyFact:notEqual", "praise")],
  [leaf("feedback.topics", "someValue:contains", { fact: "feedback.topics" })],
  [leaf("feedback.topics", "someFact:equal", { fact: "event.type" })],
  [leaf("feedback.rating", "not:swap:lessThan", 3)],
  [{ ...leaf("feedback.context", "greaterThan", 3), path: "$.days" }],
  [{ ...leaf("feedback.context", "contains", "gift"), path: "$.tags" }],
  [{ ...leaf("feedback.context", "everyFact:equal", 1), path: "$.tags" }],
  [{ ...leaf("feedback.topics", "equal", "delivery"), path: "$[0]" }],
  [leaf("feedback.topic", "in", { fact: "customer.custom", path: "$.topics" })],
  [leaf("feedback.topic", "swap:contains", { fact: "customer.custom", path: "$.topics" })],
])("%j is sound", (condition) => {
  expect(faultsIn(withConditions({ all: [condition] }))).toEqual([]);
});
