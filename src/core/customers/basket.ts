/** How many items an order had: quantities of `properties.items[]`, or `properties.quantity` of an order for one `properties.sku`. */
import type { Json } from "../json.ts";
import type { CustomerEvent } from "../signal.ts";

/** More of one item than this is a slip of the sender and counts as one. */
const QUANTITY_MAX = 1e6;

/** A quantity that makes no sense (not a number, not above 0, beyond the limit) is taken as 1: the item was bought. */
const quantityOf = (value: Json | undefined): number =>
  typeof value === "number" && value > 0 && value <= QUANTITY_MAX ? value : 1;

const ofItem = (item: Json): number =>
  typeof item === "object" && item !== null && !Array.isArray(item)
    ? quantityOf((item as Readonly<Record<string, Json>>)["quantity"])
    : 1;

/** Items of an order, above 0; null where the order does not say what was in it. */
export const itemsOf = ({ properties }: CustomerEvent): number | null => {
  const items = properties?.["items"];
  if (Array.isArray(items) && items.length > 0)
    return (items as readonly Json[]).reduce<number>((sum, item) => sum + ofItem(item), 0);
  return typeof properties?.["sku"] === "string" ? quantityOf(properties["quantity"]) : null;
};
