import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Language } from "../../../src/core/analysis.ts";
import { openLexicons } from "../../../src/core/text/reader.ts";
import { readText } from "../../../src/core/text/reading.ts";
import { shippedFeedback, shippedFiles } from "./shipped.ts";

const opened = openLexicons(shippedFiles());
if (opened.kind === "faulty") throw new Error(JSON.stringify(opened.faults));
const reader = opened.value;
const languageOf = (text: string): Language => readText(text, reader).language;

const sentences = readFileSync(
  new URL("../../../fixtures/languages.jsonl", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as { readonly text: string; readonly lang: string });

const LANGUAGES = "en zh ja ko fr de es pt it ru uk ar hi th vi id tr nl pl sv".split(" ");

describe("language", () => {
  it.each([
    ["The parcel still has not arrived", "en"],
    ["The app crashes whenever I open my basket", "en"],
    ["快递还没到", "zh"],
    ["快遞還沒到", "zh"],
    ["配送が遅いです、とても困っています", "ja"],
    ["配送料金について教えてください", "ja"],
    ["배송이 너무 늦어요", "ko"],
    ["La livraison est en retard depuis une semaine", "fr"],
    ["L'article reçu n'est pas celui que j'ai commandé", "fr"],
    ["Wo ist mein Paket? Es ist noch nicht angekommen", "de"],
    ["Der Kundendienst meldet sich einfach nicht", "de"],
    ["El pedido llegó roto y nadie contesta al teléfono", "es"],
    ["Quiero que me devuelvan el dinero", "es"],
    ["A encomenda chegou partida e ninguém responde", "pt"],
    ["Não consigo entrar na minha conta desde ontem", "pt"],
    ["Il pacco non è ancora arrivato", "it"],
    ["Vorrei sapere quando mi rimborsate", "it"],
    ["Где моя посылка? Уже неделя прошла", "ru"],
    ["Приложение не открывается после обновления", "ru"],
    ["Де моя посилка? Вже тиждень нічого не чути", "uk"],
    ["Програма не запускається після оновлення", "uk"],
    ["أين طلبي؟ لقد تأخر كثيرا", "ar"],
    ["मेरा पार्सल अभी तक नहीं आया", "hi"],
    ["สินค้ายังไม่มาเลย", "th"],
    ["Hàng của tôi vẫn chưa tới", "vi"],
    ["Ứng dụng bị lỗi sau khi cập nhật", "vi"],
    ["Paket saya belum sampai juga", "id"],
    ["Aplikasinya error terus sejak diperbarui", "id"],
    ["Paketim hâlâ gelmedi", "tr"],
    ["Güncellemeden sonra uygulama açılmıyor", "tr"],
    ["Mijn pakket is nog steeds niet aangekomen", "nl"],
    ["Na de update start de app niet meer op", "nl"],
    ["Moja paczka jeszcze nie dotarła", "pl"],
    ["Po aktualizacji aplikacja się nie otwiera", "pl"],
    ["Mitt paket har fortfarande inte kommit", "sv"],
    ["Efter uppdateringen startar inte appen", "sv"],
    ["που είναι το δέμα μου", "el"],
    ["איפה החבילה שלי", "he"],
    ["سفارش من کجاست؟ چرا نیامده", "fa"],
    ["میرا پارسل ابھی تک نہیں آیا ہے", "ur"],
    ["Мой заказ яшчэ не прыйшоў, што здарылася ў вас", "be"],
    ["ТЫ ГДЕ, ЗАКАЗ", "ru"],
  ])("reads %j as %s", (text, code) => expect(languageOf(text).code).toBe(code));

  it.each(
    [
      "ok",
      "ok thanks",
      "refund pls",
      "worst app ever",
      "bad app",
      "not working",
      "love it",
      "thx",
      "lol",
      "Cooooool app",
      "where is my order",
      "pls fix asap",
      "crash",
      "never again!!",
      "5 stars",
      "too expensive",
      "no refund no reply",
      "scam",
      "great service :)",
    ].map((text) => [text]),
  )("reads short English %j as English", (text) => expect(languageOf(text).code).toBe("en"));

  it.each(
    [
      "好",
      "差评",
      "退款",
      "还行吧",
      "垃圾",
      "太贵了",
      "不错",
      "啥破玩意",
      "垃圾app",
      "iPhone 15 太贵了",
    ].map((text) => [text]),
  )("reads short Chinese %j as Chinese", (text) => expect(languageOf(text).code).toBe("zh"));

  it.each([
    ["nothing", ""],
    ["numbers and pictures", "12345 !!! 😀"],
    ["a mail address", "anna@example.org"],
    ["a link", "https://example.org/de/produkte"],
    ["two words that many languages have", "checkout page"],
  ])("does not tell the language of %s", (_, text) =>
    expect(languageOf(text)).toEqual({ code: "und", confidence: 0, script: null, spans: [] }),
  );

  it.each([
    ["快递还没到，东西坏了", "Hans"],
    ["快遞還沒到，東西壞了", "Hant"],
    ["不好", null],
    ["The parcel has not arrived", null],
    ["配送が遅いです", null],
  ])("says how the Chinese of %j is written: %s", (text, script) =>
    expect(languageOf(text).script).toBe(script),
  );

  it("has at least 15 sentences in each of its 20 languages", () => {
    for (const code of LANGUAGES)
      expect(sentences.filter(({ lang }) => lang === code).length).toBeGreaterThanOrEqual(15);
    expect(new Set(sentences.map(({ lang }) => lang))).toEqual(new Set(LANGUAGES));
  });

  it("reads the language of at least 97 % of sentences that nothing was trained on, and all but one in every language", () => {
    const wrong = sentences.filter(({ text, lang }) => languageOf(text).code !== lang);
    expect(wrong.length / sentences.length).toBeLessThanOrEqual(0.03);
    for (const code of LANGUAGES)
      expect(wrong.filter(({ lang }) => lang === code).length).toBeLessThanOrEqual(1);
  });

  it("is surer where it is right", () => {
    const sure = sentences.filter(({ text }) => languageOf(text).confidence >= 0.9);
    expect(sure.length).toBeGreaterThan(sentences.length * 0.8);
    expect(sure.filter(({ text, lang }) => languageOf(text).code !== lang)).toEqual([]);
  });

  it("reads the language of at least 98 % of the labelled feedback", () => {
    const rows = shippedFeedback();
    const right = rows.filter((row) => languageOf(row.text).code === row.lang);
    expect(right.length / rows.length).toBeGreaterThanOrEqual(0.98);
  });

  it("is surer of one script than of two", () => {
    const pure = languageOf("快递还没到").confidence;
    expect(pure).toBeGreaterThan(languageOf("快递还没到 please help").confidence);
  });
});

describe("a text in several languages", () => {
  it.each([
    [
      "这个app的checkout page一直crash",
      "zh",
      "zh:这个 en:app zh:的 en:checkout_page zh:一直 en:crash",
    ],
    [
      "这个app一直crash，客服也不理人，太差了",
      "zh",
      "zh:这个 en:app zh:一直 en:crash zh:客服也不理人，太差了",
    ],
    ["The 客服 never answered my question", "en", "en:The zh:客服 en:never_answered_my_question"],
    ["微信 payment failed again", "en", "zh:微信 en:payment_failed_again"],
    ["Ｗｅｃｈａｔ 支付失敗", "zh", "en:Ｗｅｃｈａｔ zh:支付失敗"],
    ["Le 客服 ne répond jamais", "fr", "fr:Le zh:客服 fr:ne_répond_jamais"],
    ["приложение app store не работает", "ru", "ru:приложение en:app_store ru:не_работает"],
    ["배송 tracking 안 돼요", "ko", "ko:배송 en:tracking ko:안_돼요"],
    ["アプリがcrashします", "ja", "ja:アプリが en:crash ja:します"],
    ["คืนเงิน please", "th", "th:คืนเงิน en:please"],
  ])("%j is %s with %s", (text, code, spans) => {
    const language = languageOf(text);
    expect(language.code).toBe(code);
    const found = language.spans.map(
      (span) => `${span.code}:${text.slice(span.from, span.to).replaceAll(" ", "_")}`,
    );
    expect(found.join(" ")).toBe(spans);
  });

  it.each([
    "The parcel has not arrived",
    "快递还没到",
    "配送が遅いです",
    "我买的T恤起球了",
    "快递还没到 https://example.org/track",
    "请联系 anna@example.org",
    "",
  ])("has no spans in one language: %j", (text) => expect(languageOf(text).spans).toEqual([]));

  it("gives spans in order, inside the text, for any text", () => {
    const piece = fc.oneof(
      fc.constantFrom("app ", "退貨", "ｏｋ", "ﬁne", "не ", "です", "\ud800", "😀", "a\u0301"),
      fc.string({ unit: "binary", maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("");
        const { spans } = languageOf(text);
        let last = 0;
        for (const { from, to } of spans) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          last = to;
        }
        expect(last).toBeLessThanOrEqual(text.length);
        expect(spans.length).not.toBe(1);
      }),
      { numRuns: 300 },
    );
  });
});
