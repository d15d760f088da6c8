import { describe, expect, it } from "vitest";
import { analyse } from "../../../src/core/text/analyse.ts";
import { shippedFeedback, shippedReader } from "./shipped.ts";

const reader = shippedReader();

describe("language", () => {
  it.each([
    ["The parcel still has not arrived", "en"],
    ["refund pls", "en"],
    ["ok", "en"],
    ["快递还没到", "zh"],
    ["快遞還沒到", "zh"],
    ["配送が遅いです、とても困っています", "ja"],
    ["配送料金について教えてください", "ja"],
    ["배송이 너무 늦어요", "ko"],
    ["La livraison est en retard depuis une semaine", "fr"],
    ["Wo ist mein Paket? Es ist noch nicht angekommen", "de"],
    ["El pedido llegó roto y nadie contesta al teléfono", "es"],
    ["Где моя посылка? Уже неделя прошла", "ru"],
    ["أين طلبي؟ لقد تأخر كثيرا", "ar"],
    ["สินค้ายังไม่มาเลย", "th"],
    ["που είναι το δέμα μου", "el"],
    ["איפה החבילה שלי", "he"],
    ["", "und"],
    ["12345 !!! 😀", "und"],
    ["这个app一直crash，客服也不理人，太差了", "zh"],
    ["The 客服 never answered my question about the refund", "en"],
  ])("reads %j as %s", (text, code) => expect(analyse(text, reader).language.code).toBe(code));

  it("reads the language of at least 98 % of the labelled feedback", () => {
    const rows = shippedFeedback();
    const right = rows.filter((row) => analyse(row.text, reader).language.code === row.lang);
    expect(right.length / rows.length).toBeGreaterThanOrEqual(0.98);
  });

  it("is surer of one script than of two", () => {
    const pure = analyse("快递还没到", reader).language.confidence;
    expect(pure).toBeGreaterThan(analyse("快递还没到 please help", reader).language.confidence);
  });
});
