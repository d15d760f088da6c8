import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { analyse } from "../../../src/core/text/analyse.ts";
import { isResidentId, passesLuhn } from "../../../src/core/text/check-digits.ts";
import { shippedReader } from "./shipped.ts";

const reader = shippedReader();
const masked = (text: string): string => analyse(text, reader).maskedText;

/** A resident id with a valid check digit, from its first 17 digits (ISO 7064 MOD 11-2). */
const residentId = (body: string): string => {
  const sum = Array.from(body).reduce(
    (total, digit, index) => total + Number(digit) * (2 ** (17 - index) % 11),
    0,
  );
  return body + "10X98765432"[sum % 11];
};

describe("masking", () => {
  it.each([
    ["write to ann.lee+shop@example.com.", "write to [email]."],
    ["邮箱是wang_lei@example.org谢谢", "邮箱是[email]谢谢"],
    ["a@example.com,b@example.net", "[email],[email]"],
    ["ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "[email]"],
    ["打13800138000找我", "打[phone]找我"],
    ["打１３８００１３８０００找我", "打[phone]找我"],
    ["138-0013-8000", "[phone]"],
    ["138 0013 8000 谢谢", "[phone] 谢谢"],
    ["+86 13912345678", "[phone]"],
    ["0086 139 1234 5678", "[phone]"],
    ["座机010-62345678", "座机[phone]"],
    ["call +44 20 7946 0018 now", "call [phone] now"],
    ["07700 900123", "[phone]"],
    ["(212) 555-0143 after six", "[phone] after six"],
    ["212-555-0143", "[phone]"],
    ["1 212 555 0143", "[phone]"],
    ["tel5550143", "tel[phone]"],
    ["0912-345-678", "[phone]"],
    ["card 4111 1111 1111 1111 declined", "card [card] declined"],
    ["卡号4111111111111111被锁", "卡号[card]被锁"],
    ["5555-5555-5555-4444", "[card]"],
    ["３７８２ ８２２４６３ １０００５", "[card]"],
    [`身份证${residentId("11010119900101001")}`, "身份证[cn_resident_id]"],
    ["13800138000 13912345678", "[phone] [phone]"],
    ["订单88213，电话13912345678，邮箱 li@example.com", "订单88213，电话[phone]，邮箱 [email]"],
    ["👍 ring me on 07700 900142 👍", "👍 ring me on [phone] 👍"],
  ])("hides %j", (text, hidden) => expect(masked(text)).toBe(hidden));

  it.each([
    "order 500812 is late",
    "order number 20931455",
    "订单号 20240115123456789",
    "订单13812345678还没发",
    "运单号7720015566301122",
    "tracking no 4819 2231 0098 7765",
    "paid $1,299.00 for it",
    "一共13800000000元",
    "since 2024-01-15",
    "15/01/2024 and 15.01.2024",
    "4111 1111 1111 1112",
    "1234567890123",
    "version 10.2.14.3",
    "192.168.100.200",
    "batch L2291, part AB13800138000C",
    "110101199001010010",
    "0000 0000 0000 0000",
    "between 9 and 17, 24 hours, 365 days",
    "me @ home, @shop, a@b",
    "@",
    "a@.com x@-example.com",
    "ratio 3-4-4",
  ])("leaves %j alone", (text) => expect(masked(text)).toBe(text));

  it("masks a resident id that ends in X, small or full width", () => {
    const ending = Array.from({ length: 999 }, (_, index) =>
      residentId(`1101011990010${String(1000 + index)}`),
    ).find((id) => id.endsWith("X") && isResidentId(id.toLowerCase()));
    expect(ending).toBeDefined();
    for (const written of [ending, ending?.toLowerCase(), ending?.replace("X", "Ｘ")])
      expect(masked(`号码：${written ?? ""}。`)).toBe("号码：[cn_resident_id]。");
  });

  it("checks digits as the standards say", () => {
    expect(["4111111111111111", "378282246310005", "6011111111111117"].map(passesLuhn)).toEqual([
      true,
      true,
      true,
    ]);
    expect(["4111111111111112", "4111111111111"].map(passesLuhn)).toEqual([false, false]);
    const id = residentId("31010419850515002").toLowerCase();
    expect(isResidentId(id)).toBe(true);
    const other = `${id.slice(0, 16)}${(Number(id[16]) + 1) % 10}${id.slice(17)}`;
    expect(isResidentId(other)).toBe(false);
  });

  it("gives spans of the original, in order and apart, for any text around them", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        " 13912345678 ",
        " x@example.com ",
        "１３９１２３４５６７８",
        "4111 1111 1111 1111",
        "退款",
        "ﬁ",
        "𠮷",
        "é",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const { personalData, maskedText } = analyse(text, reader);
        let end = 0;
        let rebuilt = "";
        for (const { kind, from, to } of personalData) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          rebuilt += `${text.slice(end, from)}[${kind}]`;
          end = to;
        }
        expect(maskedText).toBe(rebuilt + text.slice(end));
      }),
    );
  });

  it("never shows masked words as cues", () => {
    const { sentiment, topics, urgency } = analyse(
      "mail great.refund@example.com about the refund",
      reader,
    );
    const cues = [...sentiment.cues, ...urgency.cues, ...topics.flatMap((topic) => topic.cues)];
    expect(cues.every(({ from, to }) => to <= 5 || from >= 29)).toBe(true);
  });
});
