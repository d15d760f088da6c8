/** Signals for the fault runs, and what must hold after one: nothing lost, nothing twice, nobody innocent set aside. */
import { expect } from "vitest";
import type { IncomingSignal, Store } from "../../src/core/ports.ts";
import { feedbackSchema } from "../../src/core/signal.ts";

const TEXTS = [
  "My parcel is ten days late and nobody answers, this is terrible.",
  "快递一直不更新，等了一个星期，太失望了！",
  "Love the new app, works great, thank you!",
  "客服态度很好，点赞。",
  "The app crashes every time I open my orders.",
  "我要退款，东西是坏的。",
] as const;

const CUSTOMERS = 60;

/** Feedback `from` … `to`, spread over customers and both languages. */
export const feedbackSignals = (prefix: string, count: number): readonly IncomingSignal[] =>
  Array.from({ length: count }, (_, index) => ({
    tenant: "default",
    clock: "database" as const,
    signal: feedbackSchema.parse({
      kind: "feedback",
      id: `${prefix}-${index}`,
      customerId: `customer-${index % CUSTOMERS}`,
      text: TEXTS[index % TEXTS.length],
      channel: "app",
      at: "2026-05-01T10:00:00Z",
    }),
  }));

/** A condition of the tables, asked until it holds; fails with what was last seen. */
export const until = async <T>(
  ask: () => Promise<T>,
  holds: (seen: T) => boolean,
  withinMs: number,
): Promise<T> => {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const seen = await ask();
    if (holds(seen)) return seen;
    if (performance.now() > endMs)
      throw new Error(`after ${withinMs} ms the tables still say ${JSON.stringify(seen)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
};

/** Every inbox has seq 1, 2, 3 … without a gap, and no (signal, slot) twice. Gives the number of replies. */
export const expectSoundInboxes = async (store: Store): Promise<number> => {
  const answered = new Set<string>();
  let replies = 0;
  for (let index = 0; index < CUSTOMERS; index += 1) {
    const inbox = await store.inbox(
      { tenant: "default", id: `customer-${index}` },
      { after: 0, limit: 500 },
    );
    expect(inbox.map(({ seq }) => seq)).toEqual(inbox.map((_, place) => place + 1));
    for (const { signalId, slot } of inbox) answered.add(`${signalId} ${slot}`);
    replies += inbox.length;
  }
  expect(answered.size).toBe(replies);
  return replies;
};
