import { describe, expect, it } from "vitest";
import { ordersOf, skusOf } from "../../../src/core/customers/skus.ts";
import { foldSignal } from "../../../src/core/customers/history.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { aCustomer, aFeedback, anEvent } from "../../builders.ts";

const order = (properties: JsonObject | undefined) =>
  anEvent({ type: "order.completed", properties });
const NOW = "2026-06-01T00:00:00.000Z";

const productsAfter = (...orders: readonly (JsonObject | undefined)[]): readonly string[] =>
  orders.reduce(
    (customer, properties) =>
      foldSignal(customer, { signal: order(properties), analysis: null, now: NOW }),
    aCustomer(),
  ).history.orders.products;

describe("the products of an order", () => {
  it.each<[JsonObject | undefined, readonly string[]]>([
    [undefined, []],
    [{}, []],
    [{ sku: "tea" }, ["tea"]],
    [{ items: [{ sku: "tea" }, { sku: "mug", quantity: 2 }], sku: "jam" }, ["tea", "mug", "jam"]],
    [
      {
        items: [
          { sku: 5 },
          { sku: "" },
          { sku: "x".repeat(201) },
          {},
          "tea",
          null,
          ["tea"],
          { sku: "ok" },
        ],
      },
      ["ok"],
    ],
    [{ items: { sku: "tea" }, sku: 7 }, []],
    [{ sku: "x".repeat(200) }, ["x".repeat(200)]],
  ])("of %o are %o", (properties, skus) => {
    expect(skusOf(order(properties))).toEqual(skus);
  });

  it("become orders where there are any, of completed orders only", () => {
    const returned = { ...order({ sku: "tea" }), type: "order.returned" };
    const bought = order({ sku: "mug" });
    expect(ordersOf([aFeedback(), returned, order({}), bought])).toEqual([
      { customerId: bought.customerId, at: bought.at, skus: ["mug"] },
    ]);
  });
});

describe("the products of a customer", () => {
  it("are the last ones, newest first, each once, 20 at most", () => {
    expect(
      productsAfter(
        { sku: "tea" },
        undefined,
        { items: [{ sku: "mug" }, { sku: "jam" }] },
        { sku: "tea" },
      ),
    ).toEqual(["tea", "mug", "jam"]);
    const many = Array.from({ length: 30 }, (_one, place) => ({ sku: `p${place}` }));
    expect(productsAfter(...many)).toEqual(
      many
        .slice(10)
        .map(({ sku }) => sku)
        .toReversed(),
    );
  });

  it("begin anew for a customer who was stored before products were kept", () => {
    const customer = aCustomer();
    const { products: _products, ...orders } = customer.history.orders;
    const earlier = {
      ...customer,
      history: { ...customer.history, orders },
    } as unknown as typeof customer;
    const { history } = foldSignal(earlier, {
      signal: order({ sku: "tea" }),
      analysis: null,
      now: NOW,
    });
    expect(history.orders.products).toEqual(["tea"]);
  });
});
