import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import type { ValueFound } from "../../../src/core/analysis.ts";
import { type Catalogue, CATALOGUE_FILE, readCatalogue } from "../../../src/core/text/catalogue.ts";
import { normalise } from "../../../src/core/text/normalise.ts";
import { chineseNumber, englishNumber } from "../../../src/core/text/number-words.ts";
import { findPersonalData } from "../../../src/core/text/personal-data.ts";
import { type Reading, readText } from "../../../src/core/text/reading.ts";
import { findValues } from "../../../src/core/text/values.ts";
import { leastCpuMs } from "../../cpu-time.ts";
import { shippedReader } from "./shipped.ts";

const reader = shippedReader();

interface Product {
  readonly id: string;
  readonly names: readonly string[];
}

const catalogueOf = (products: readonly Product[]): Catalogue => {
  const file = JSON.stringify({ kind: "catalogue", formatVersion: 1, products });
  const checked = readCatalogue(file, reader.simplified);
  if (checked.kind === "faulty") throw new Error(JSON.stringify(checked.faults));
  return checked.value;
};

const catalogue = catalogueOf([
  { id: "kettle", names: ["Kettle", "电饭锅"] },
  { id: "kettle-pro", names: ["Kettle Pro", "Kettle Pro 2", "電飯鍋专业版"] },
  { id: "lamp", names: ["Ａura  Lamp", "光环灯"] },
]);
const none = catalogueOf([]);

/** A text as values are read from it, personal data blank; in any language. */
const opened = (text: string): Pick<Reading, "open" | "normal"> => {
  const normal = normalise(text, reader.simplified);
  let open = "";
  for (const { from, to } of findPersonalData(text, normal, reader.settings.personalData))
    open += normal.text.slice(open.length, from) + " ".repeat(to - from);
  return { normal, open: open + normal.text.slice(open.length) };
};

/** The values of a text, as "kind value [as written]". */
const values = (text: string, products: Catalogue = none): readonly string[] =>
  findValues(opened(text), products).map(
    ({ kind, value, from, to }: ValueFound) => `${kind} ${value} [${text.slice(from, to)}]`,
  );

describe("order numbers", () => {
  it.each([
    ["order 500812 is late", "500812"],
    ["Order no. AB-4410-22 again", "AB-4410-22"],
    ["my order number is 20931455!", "20931455"],
    ["order#12345", "12345"],
    ["ticket: TKT99812", "TKT99812"],
    ["invoice INV-2024-001", "INV-2024-001"],
    ["#88213 never came", "88213"],
    ["tracking 1Z999AA10123456784", "1Z999AA10123456784"],
    ["where is SF1234567890123", "SF1234567890123"],
    ["订单号20240115123456789", "20240115123456789"],
    ["订单500812没发", "500812"],
    ["单号：YT7720015566301", "YT7720015566301"],
    ["工单#883201关了", "883201"],
    ["發票號碼12345678", "12345678"],
  ])("are read in %j", (text, value) =>
    expect(values(text)).toEqual([`order_number ${value} [${value}]`]),
  );

  it("are written without their blanks", () =>
    expect(values("tracking no 4819 2231 0098 7765")).toEqual([
      "order_number 4819223100987765 [4819 2231 0098 7765]",
    ]));

  it.each([
    "order of 3 items",
    "in order 2019 was better",
    "the border 12345 km away",
    "order 1500 units",
    "#1 brand",
    "#covid19",
    "order 4k-hdmi-cable",
    "88213",
    "订单很多",
    "订单3个",
  ])("are not seen in %j", (text) =>
    expect(values(text).filter((value) => value.startsWith("order_number"))).toEqual([]),
  );
});

describe("amounts", () => {
  it.each([
    ["paid $1,299.00 for it", "1299.00 USD [$1,299.00]"],
    ["paid US$45", "45 USD [US$45]"],
    ["£9 burger", "9 GBP [£9]"],
    ["45.50 EUR gone", "45.50 EUR [45.50 EUR]"],
    ["12,50€", "12.50 EUR [12,50€]"],
    ["€ 12", "12 EUR [€ 12]"],
    ["Rs. 500", "500 INR [Rs. 500]"],
    ["₹1,00,000", "100000 INR [₹1,00,000]"],
    ["₩5000", "5000 KRW [₩5000]"],
    ["A$30", "30 AUD [A$30]"],
    ["CHF 80", "80 CHF [CHF 80]"],
    ["$2k wasted", "2000 USD [$2k]"],
    ["90 quid", "90 GBP [90 quid]"],
    ["twenty five dollars", "25 USD [twenty five dollars]"],
    ["a hundred pounds", "100 GBP [a hundred pounds]"],
    ["花了129元", "129 CNY [129元]"],
    ["120块5", "120.5 CNY [120块5]"],
    ["3块钱", "3 CNY [3块钱]"],
    ["¥59.9", "59.9 CNY [¥59.9]"],
    ["￥５９．９", "59.9 CNY [￥５９．９]"],
    ["RMB 300", "300 CNY [RMB 300]"],
    ["人民币300元", "300 CNY [人民币300元]"],
    ["1.2万元", "12000 CNY [1.2万元]"],
    ["港幣500", "500 HKD [港幣500]"],
    ["500港币", "500 HKD [500港币]"],
    ["新臺幣300", "300 TWD [新臺幣300]"],
    ["20美元", "20 USD [20美元]"],
    ["3000日元", "3000 JPY [3000日元]"],
    ["一百二十块", "120 CNY [一百二十块]"],
    ["两百二十元", "220 CNY [两百二十元]"],
    ["三万五块钱", "35000 CNY [三万五块钱]"],
    ["十五块", "15 CNY [十五块]"],
    ["八塊五", "8.5 CNY [八塊五]"],
  ])("are read in %j", (text, value) => expect(values(text)).toEqual([`amount ${value}`]));

  it.each([
    "I lost 5 pounds",
    "10 pounds of flour",
    "两块电池",
    "3块蛋糕",
    "一块去",
    "几十块",
    "一两百块",
    "二元论",
    "3单元",
    "5 stars",
    "the 12 people",
    "dollars",
  ])("are not seen in %j", (text) => expect(values(text)).toEqual([]));
});

describe("dates", () => {
  it.each([
    ["on 25 November 2026", "2026-11-25 [25 November 2026]"],
    ["Nov 25, 2026", "2026-11-25 [Nov 25, 2026]"],
    ["3rd of May", "--05-03 [3rd of May]"],
    ["May 3rd.", "--05-03 [May 3rd]"],
    ["due 15 June.", "--06-15 [15 June]"],
    ["in March 2024", "march 2024 [March 2024]"],
    ["2026-11-25", "2026-11-25 [2026-11-25]"],
    ["2026/1/5", "2026-01-05 [2026/1/5]"],
    ["25/12/2026", "2026-12-25 [25/12/2026]"],
    ["12/25/2026", "2026-12-25 [12/25/2026]"],
    ["3/11/2026", "3/11/2026 [3/11/2026]"],
    ["3/3/2026", "2026-03-03 [3/3/2026]"],
    ["05.04.2026", "05.04.2026 [05.04.2026]"],
    ["since 3/11", "3/11 [3/11]"],
    ["came Yesterday", "yesterday [Yesterday]"],
    ["last Wednesday", "last wednesday [last Wednesday]"],
    ["on Monday", "monday [Monday]"],
    ["3 days ago", "3 days ago [3 days ago]"],
    ["two weeks ago", "two weeks ago [two weeks ago]"],
    ["2026年11月25日", "2026-11-25 [2026年11月25日]"],
    ["11月25号", "--11-25 [11月25号]"],
    ["１１月２５號", "--11-25 [１１月２５號]"],
    ["十二月二十五日", "--12-25 [十二月二十五日]"],
    ["2026年3月", "2026年3月 [2026年3月]"],
    ["上周三买的", "上周三 [上周三]"],
    ["上個月", "上个月 [上個月]"],
    ["周五之前", "周五 [周五]"],
    ["星期天", "星期天 [星期天]"],
    ["昨天晚上", "昨天晚上 [昨天晚上]"],
    ["3天前", "3天前 [3天前]"],
    ["两个星期前", "两个星期前 [两个星期前]"],
  ])("are read in %j", (text, value) => expect(values(text)).toEqual([`date ${value}`]));

  it.each([
    "2026-02-30",
    "29 February 2027",
    "31/31/2026",
    "it may 3 times",
    "version 10.2.14",
    "open 24/7",
    "10/10",
    "everyday low prices",
    "一周三次",
    "每周一开会",
    "192.168.1.20",
    "march 3 miles",
  ])("are not seen in %j", (text) => expect(values(text)).toEqual([]));
});

describe("products", () => {
  it.each([
    ["my KETTLE broke", ["product kettle [KETTLE]"]],
    [
      "the kettle pro 2 and the kettle",
      ["product kettle-pro [kettle pro 2]", "product kettle [kettle]"],
    ],
    ["kettle pro 2x", ["product kettle-pro [kettle pro]"]],
    ["kettle prose", ["product kettle [kettle]"]],
    ["teakettle, kettles", []],
    ["aura lamp on", ["product lamp [aura lamp]"]],
    ["電飯鍋壞了", ["product kettle [電飯鍋]"]],
    ["电饭锅专业版好用", ["product kettle-pro [电饭锅专业版]"]],
    ["光环灯", ["product lamp [光环灯]"]],
  ])("of the catalogue are read in %j, the longest name first", (text, found) =>
    expect(values(text, catalogue)).toEqual(found),
  );

  it("are nothing without a catalogue", () => {
    const checked = readCatalogue(undefined, reader.simplified);
    expect(checked.kind === "sound" && checked.value.size).toBe(0);
    expect(values("my kettle broke")).toEqual([]);
  });

  it.each([
    ["{", "is not JSON"],
    ['{"kind":"catalogue","formatVersion":2,"products":[]}', ""],
    [
      '{"kind":"catalogue","formatVersion":1,"products":[{"id":"a","names":[]}]}',
      "at least one name",
    ],
    [
      '{"kind":"catalogue","formatVersion":1,"products":[{"id":"a","names":["Cup 1"]},{"id":"b","names":["ＣＵＰ  1"]}]}',
      '"ＣＵＰ  1" is a name of a already; keep one of them',
    ],
    [
      '{"kind":"catalogue","formatVersion":1,"products":[{"id":"a","names":["\\u200b\\u200b\\u200b"]}]}',
      "fewer than two characters",
    ],
  ])("are refused with a sentence: %s", (file, sentence) => {
    const checked = readCatalogue(file, reader.simplified);
    expect(checked.kind).toBe("faulty");
    if (checked.kind !== "faulty") return;
    expect(checked.faults[0]?.place).toContain(CATALOGUE_FILE);
    expect(checked.faults.map((fault) => fault.sentence).join()).toContain(sentence);
  });

  it("are refused with all faults at once", () => {
    const checked = readCatalogue(
      JSON.stringify({
        kind: "catalogue",
        formatVersion: 1,
        products: [
          { id: "a", names: ["one", "two"] },
          { id: "b", names: ["ONE", "TWO"] },
        ],
      }),
      reader.simplified,
    );
    expect(checked.kind === "faulty" && checked.faults).toHaveLength(2);
  });
});

describe("values together", () => {
  it("come in the order of the text and do not overlap", () =>
    expect(values("Kettle from order 2024-001 cost $45 on 3 May", catalogue)).toEqual([
      "product kettle [Kettle]",
      "order_number 2024-001 [2024-001]",
      "amount 45 USD [$45]",
      "date --05-03 [3 May]",
    ]));

  it("spare what is personal", () => {
    expect(values("订单500812，电话13912345678，花了129元")).toEqual([
      "order_number 500812 [500812]",
      "amount 129 CNY [129元]",
    ]);
    expect(values("order for 212-555-0143")).toEqual([]);
  });

  it("have spans inside the text, apart and never empty, whatever the text", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        " order 50081",
        "#12345",
        "$1,299.00",
        "１２０块５",
        "一百二十塊",
        "2026-11-25",
        "3/11/2026",
        "上周三",
        "ﬁ",
        "𠮷",
        "é",
        "电饭锅",
        "kettle pro",
        "may 3",
        " quid",
        "年",
        "月",
        "13912345678",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        let end = 0;
        for (const { value, from, to } of findValues(readText(text, reader), catalogue)) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(text.length);
          expect(value).not.toBe("");
          end = to;
        }
      }),
    );
  });
});

describe("numbers in words", () => {
  it.each([
    ["十", 10],
    ["十五", 15],
    ["二十", 20],
    ["一百零五", 105],
    ["一百二", 120],
    ["两千三百", 2_300],
    ["两万三", 23_000],
    ["一万零五十", 10_050],
    ["一两百", null],
    ["二三十", null],
    ["百十", null],
    ["", null],
  ])("%s is %j", (chars, number) => expect(chineseNumber(chars)).toBe(number));

  it.each([
    ["twenty five", 25],
    ["a hundred", 100],
    ["two thousand", 2_000],
    ["five twenty", null],
    ["seven six", null],
  ])("%s is %j", (words, number) => expect(englishNumber(words)).toBe(number));
});

describe("time", () => {
  it.each([
    ["$1 "],
    ["12 high street "],
    ["中山路1号"],
    ["a@b"],
    ["1-"],
    ["订单"],
    ["order 1"],
    ["一百块"],
    ["1块"],
    ["1月"],
    ["may 1 "],
    ["1/1/2020 "],
    ["上周"],
    ["kettle pro "],
  ])("is linear for 20,000 characters of %j", (unit) => {
    const text = unit.repeat(Math.ceil(20_000 / unit.length)).slice(0, 20_000);
    const normal = normalise(text, reader.simplified);
    const run = (): unknown => findValues({ open: normal.text, normal }, catalogue);
    expect(leastCpuMs(run, 20)).toBeLessThan(20);
  });
});
