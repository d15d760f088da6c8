/** The products that an order names: `properties.items[].sku`, or `properties.sku`. What makes no sense as a product is passed over, never refused. */
import type { Json } from "../json.ts";
import type { PastOrder } from "../models/orders.ts";
import type { CustomerEvent, Signal } from "../signal.ts";

const SKU_LENGTH_MAX = 200;

const usableSku = (value: Json | undefined): readonly string[] =>
  typeof value === "string" && value !== "" && value.length <= SKU_LENGTH_MAX ? [value] : [];

const skuOfItem = (item: Json): readonly string[] =>
  typeof item === "object" && item !== null && !Array.isArray(item)
    ? usableSku((item as Readonly<Record<string, Json>>)["sku"])
    : [];

/** In the order in which the event names them; texts of 1 to 200 characters only. */
export const skusOf = ({ properties }: CustomerEvent): readonly string[] => {
  const items = properties?.["items"];
  return [
    ...(Array.isArray(items) ? (items as readonly Json[]).flatMap(skuOfItem) : []),
    ...usableSku(properties?.["sku"]),
  ];
};

/** The completed orders among signals that name a product, in the order of the signals. */
export const ordersOf = (signals: readonly Signal[]): readonly PastOrder[] =>
  signals.flatMap((signal) => {
    if (signal.kind !== "event" || signal.type !== "order.completed") return [];
    const skus = skusOf(signal);
    return skus.length === 0 ? [] : [{ customerId: signal.customerId, at: signal.at, skus }];
  });
