/** A shop's lines as signals. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signalSchema } from "../../../src/core/signal.ts";
import { type HistoryColumns, parseColumns } from "../../../src/core/tables/history-columns.ts";
import { type HistoryFound, openHistoryLines } from "../../../src/core/tables/history-lines.ts";

type Line = Readonly<Record<string, string>>;

const declared = (text: string, more: Partial<HistoryColumns> = {}): HistoryColumns => {
  const parsed = parseColumns(text, "--columns");
  if (parsed.kind === "faulty") throw new Error(JSON.stringify(parsed.faults));
  return { ...parsed.value, ...more };
};

const read = (declaration: HistoryColumns, lines: readonly Line[]): HistoryFound => {
  const open = openHistoryLines(declaration, "a.csv");
  for (const [index, line] of lines.entries()) open.add(index + 2, (column) => line[column] ?? "");
  return open.finish();
};

const faultsOf = (found: HistoryFound): readonly string[] =>
  found.faults.map(({ place, sentence }) => `${place}: ${sentence}`);

const SHOP = declared("customer=c,at=t,order=o,product=p,quantity=q,price=e");
const PLAIN = declared("customer=c,at=t,amount=a");

const bought = (more: Line): Line => ({
  c: "ann",
  t: "2026-03-01 10:00",
  o: "7",
  p: "lamp",
  q: "1",
  e: "5",
  ...more,
});

const shortOf = ({ signals }: HistoryFound) =>
  signals.map((signal) =>
    signal.kind === "event"
      ? [signal.customerId, signal.at.slice(0, 10), signal.type, signal.properties]
      : [signal.customerId, signal.at.slice(0, 10), signal.text],
  );

describe("lines of orders", () => {
  it("become one signal an order with its products, wherever they stand, at the earliest instant", () => {
    const found = read(SHOP, [
      bought({ t: "2026-03-01 10:05", q: "3", e: "0.1" }),
      bought({ c: "bob", p: "rug", e: "80" }),
      bought({ t: "2026-03-01 10:00", p: "cup", q: "2", e: "4.95" }),
      bought({ o: "8", p: "" }),
    ]);
    expect(found.signals).toEqual([
      {
        kind: "event",
        id: "line-000000004",
        customerId: "ann",
        at: "2026-03-01T10:00:00.000Z",
        type: "order.completed",
        properties: {
          amount: 10.2,
          items: [
            { sku: "cup", quantity: 2 },
            { sku: "lamp", quantity: 3 },
          ],
        },
      },
      {
        kind: "event",
        id: "line-000000003",
        customerId: "bob",
        at: "2026-03-01T10:00:00.000Z",
        type: "order.completed",
        properties: { amount: 80, items: [{ sku: "rug", quantity: 1 }] },
      },
      {
        kind: "event",
        id: "line-000000005",
        customerId: "ann",
        at: "2026-03-01T10:00:00.000Z",
        type: "order.completed",
        properties: { amount: 5, items: [{ quantity: 1 }] },
      },
    ]);
    for (const signal of found.signals) expect(signalSchema.parse(signal)).toEqual(signal);
  });

  it("stay apart where no order is named, or none is declared", () => {
    expect(read(SHOP, [bought({ o: "" }), bought({ o: "" })]).signals).toHaveLength(2);
    const line = { c: "ann", t: "20260301", a: "5" };
    expect(shortOf(read(PLAIN, [line, line]))).toEqual([
      ["ann", "2026-03-01", "order.completed", { amount: 5 }],
      ["ann", "2026-03-01", "order.completed", { amount: 5 }],
    ]);
  });

  it("come back as a return where their sum is below 0, with what came back", () => {
    const found = read(SHOP, [bought({ q: "-2" }), bought({ p: "fee", q: "1", e: "1" })]);
    expect(shortOf(found)).toEqual([
      [
        "ann",
        "2026-03-01",
        "order.returned",
        {
          amount: 9,
          items: [
            { sku: "lamp", quantity: 2 },
            { sku: "fee", quantity: 1 },
          ],
        },
      ],
    ]);
  });

  it("lose what comes off again on the same day, products and money", () => {
    const found = read(SHOP, [
      bought({ q: "4" }),
      bought({ p: "cup", q: "-1", e: "5" }),
      bought({ p: "voucher", q: "1", e: "-3" }),
    ]);
    expect(shortOf(found)).toEqual([
      [
        "ann",
        "2026-03-01",
        "order.completed",
        { amount: 12, items: [{ sku: "lamp", quantity: 4 }] },
      ],
    ]);
  });

  it("know nothing of what comes back weeks later", () => {
    const found = read(SHOP, [
      bought({ t: "2026-03-20 09:00", q: "-1" }),
      bought({}),
      bought({ t: "2026-03-02 09:59", p: "cup" }),
    ]);
    expect(shortOf(found).map(([, at, type]) => [at, type])).toEqual([
      ["2026-03-01", "order.completed"],
      ["2026-03-20", "order.returned"],
    ]);
  });

  it("without money are returns by their quantity, and have no amount", () => {
    const columns = declared("customer=c,at=t,product=p,quantity=q");
    expect(
      shortOf(read(columns, [bought({ q: "-2" }), bought({ q: "" }), bought({ p: "", q: "" })])),
    ).toEqual([
      ["ann", "2026-03-01", "order.returned", { items: [{ sku: "lamp", quantity: 2 }] }],
      ["ann", "2026-03-01", "order.completed", { items: [{ sku: "lamp" }] }],
      ["ann", "2026-03-01", "order.completed", {}],
    ]);
  });

  it("with an amount and a price count the amount; a price without a quantity is of one", () => {
    const columns = declared("customer=c,at=t,amount=a,quantity=q,price=e");
    const amounts = read(columns, [bought({ a: "3", q: "2" }), bought({ q: "" })]).signals.map(
      (signal) => (signal.kind === "event" ? signal.properties?.["amount"] : null),
    );
    expect(amounts).toEqual([3, 5]);
  });
});

const typed = (k: string, more: Line = {}): Line => ({
  c: "ann",
  t: "20260301",
  k,
  a: "5",
  ...more,
});

describe("lines with a type", () => {
  const columns = declared("customer=c,at=t,type=k,amount=a,text=x");
  it("say what happened in attune's words, in common ones or in declared ones", () => {
    const found = read({ ...columns, types: { kauf: "order.completed" } }, [
      typed("Purchase"),
      typed("REFUND"),
      typed("refund", { a: "-5" }),
      typed("Kauf"),
      typed("app.opened", { a: "" }),
      typed("feedback", { x: "Too late", a: "" }),
      typed("order.completed", { a: "-5", x: "broken" }),
    ]);
    expect(shortOf(found)).toEqual([
      ["ann", "2026-03-01", "order.completed", { amount: 5 }],
      ["ann", "2026-03-01", "order.returned", { amount: 5 }],
      ["ann", "2026-03-01", "order.returned", { amount: 5 }],
      ["ann", "2026-03-01", "order.completed", { amount: 5 }],
      ["ann", "2026-03-01", "order.returned", { amount: 5 }],
      ["ann", "2026-03-01", "app.opened", undefined],
      ["ann", "2026-03-01", "Too late"],
      ["ann", "2026-03-01", "broken"],
    ]);
    for (const signal of found.signals) expect(signalSchema.parse(signal)).toEqual(signal);
  });

  it.each([
    [typed("Purchas"), /› k: "Purchas" is no event type; did you mean "purchase"/u],
    [
      typed("Käse!"),
      /› k: "Käse!" is no event type; write an event type such as "order\.completed"/u,
    ],
    [typed(""), /› k: is empty; say what happened/u],
    [typed("feedback"), /› x: is empty; feedback needs what was said/u],
    [typed("order", { a: "" }), /› a: is empty; every order needs an amount/u],
    [typed("order", { a: "", x: "late" }), /› a: is empty/u],
    [typed("constructor!"), /is no event type/u],
  ])("are refused: %j", (bad, sentence) => {
    expect(faultsOf(read(columns, [bad])).join("\n")).toMatch(sentence);
  });
});

const said = (more: Line): Line => ({ c: "ann", t: "20260301", ...more });

describe("lines with a text", () => {
  it("alone are feedback", () => {
    const found = read(declared("customer=c,at=t,text=x"), [
      said({ x: "Late\u0000 again" }),
      said({ x: "" }),
    ]);
    expect(found.signals).toEqual([
      {
        kind: "feedback",
        id: "line-000000002-text",
        customerId: "ann",
        at: "2026-03-01T00:00:00.000Z",
        text: "Late again",
        channel: "unknown",
      },
    ]);
    expect(faultsOf(found)).toEqual(["a.csv › line 3 › x: is empty; feedback needs what was said"]);
  });

  it("are orders as well where they name money", () => {
    const columns = declared("customer=c,at=t,amount=a,text=x");
    const found = read(columns, [
      said({ x: "nice", a: "5" }),
      said({ x: "late" }),
      said({ a: "6" }),
    ]);
    expect(shortOf(found)).toEqual([
      ["ann", "2026-03-01", "order.completed", { amount: 5 }],
      ["ann", "2026-03-01", "order.completed", { amount: 6 }],
      ["ann", "2026-03-01", "nice"],
      ["ann", "2026-03-01", "late"],
    ]);
    expect(faultsOf(read(columns, [said({})])).join()).toMatch(/› a: is empty; every order needs/u);
    const priced = declared("customer=c,at=t,price=e,text=x");
    expect(faultsOf(read(priced, [said({})])).join()).toMatch(/› e: is empty; every order needs/u);
  });

  it("without money are orders as well where they name an order, a product or a quantity", () => {
    const columns = declared("customer=c,at=t,order=o,product=p,quantity=q,text=x");
    const found = read(columns, [
      said({ x: "one", o: "1" }),
      said({ x: "two", p: "lamp" }),
      said({ x: "three", q: "1" }),
      said({ x: "four" }),
      said({}),
    ]);
    expect(shortOf(found).filter(([, , type]) => type === "order.completed")).toHaveLength(4);
    expect(shortOf(found).map(([, , text]) => text)).toContain("four");
  });

  it("count once where a comment stands on every line of an order", () => {
    const columns = declared("customer=c,at=t,order=o,product=p,text=x");
    const found = read(columns, [
      said({ o: "1", p: "lamp", x: "late" }),
      said({ o: "1", p: "cup", x: "late" }),
      said({ o: "2", p: "cup", x: "late" }),
      said({ x: "late" }),
      said({ x: "late" }),
    ]);
    expect(found.signals.filter(({ kind }) => kind === "feedback")).toHaveLength(4);
  });
});

describe("lines that cannot be used", () => {
  it("are counted: those of nobody apart from those refused, all faults of a line at its cells", () => {
    const found = read(PLAIN, [
      { c: "", t: "20260301", a: "1" },
      { c: "NA", t: "", a: "" },
      { c: "ann", t: "01/02/2011", a: "x" },
      { c: "a\u0007", t: "", a: "1" },
      { c: "ann", t: "20260301", a: "1" },
    ]);
    expect(found).toMatchObject({ lines: 5, withoutCustomer: 2, refused: 2 });
    expect(found.signals).toHaveLength(1);
    expect(faultsOf(found)).toEqual([
      expect.stringMatching(/^a\.csv › line 4 › t: "01\/02\/2011" may be read in two ways/u),
      expect.stringMatching(/^a\.csv › line 4 › a: "x" is no number/u),
      expect.stringMatching(/^a\.csv › line 5 › c: has control characters/u),
      expect.stringMatching(/^a\.csv › line 5 › t: is empty; every line needs the instant/u),
    ]);
  });

  it("are told up to the twentieth", () => {
    const lines = Array.from({ length: 30 }, () => ({ c: "ann", t: "soon", a: "1" }));
    const found = read(PLAIN, lines);
    expect([found.refused, found.faults.length]).toEqual([30, 20]);
  });

  it("are refused for names and texts that are too long", () => {
    const columns = declared("customer=c,at=t,product=p,text=x");
    const [name, text] = ["p".repeat(201), "x".repeat(20_001)];
    expect(faultsOf(read(columns, [bought({ p: name, x: text })]))).toEqual([
      "a.csv › line 2 › p: is longer than 200 characters; cut it",
      "a.csv › line 2 › x: is longer than 20000 characters; cut it",
    ]);
  });

  it("may be refused by who reads the file", () => {
    const open = openHistoryLines(PLAIN, "a.csv");
    open.refuse(3, "has 2 cells");
    expect(open.finish()).toMatchObject({
      lines: 1,
      refused: 1,
      faults: [{ place: "a.csv › line 3", sentence: "has 2 cells" }],
    });
  });
});

const bare = (found: HistoryFound) =>
  found.signals
    .map(({ id: _id, ...signal }) => signal)
    .map((signal) =>
      JSON.stringify(signal, (_key, value: unknown) =>
        Array.isArray(value) ? value.map((item) => JSON.stringify(item)).toSorted() : value,
      ),
    )
    .toSorted();

describe("any lines of orders", () => {
  const line = fc.record({
    c: fc.constantFrom("ann", "bob"),
    o: fc.constantFrom("1", "2", "3", ""),
    t: fc.integer({ min: 1, max: 28 }).map((day) => `2026-02-${String(day).padStart(2, "0")}`),
    q: fc.integer({ min: -3, max: 9 }).map(String),
    e: fc.integer({ min: 1, max: 500 }).map((cents) => (cents / 100).toFixed(2)),
    p: fc.constantFrom("lamp", "cup", ""),
  });

  it("keep every customer's money, bought less returned", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const { signals } = read(SHOP, lines);
        const total = signals.reduce((sum, signal) => {
          if (signal.kind !== "event") return sum;
          const amount = Number(signal.properties?.["amount"]);
          return sum + (signal.type === "order.returned" ? -amount : amount);
        }, 0);
        const paid = lines.reduce((sum, { q, e }) => sum + Number(q) * Number(e), 0);
        expect(total).toBeCloseTo(paid, 6);
        expect(new Set(signals.map(({ id }) => id)).size).toBe(signals.length);
        for (const signal of signals) expect(signalSchema.parse(signal)).toEqual(signal);
      }),
    );
  });

  it("put the same orders together in whatever order they stand", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        expect(bare(read(SHOP, lines.toReversed()))).toEqual(bare(read(SHOP, lines)));
      }),
    );
  });
});
