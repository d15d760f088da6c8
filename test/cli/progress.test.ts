import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startProgress } from "../../src/cli/progress.ts";
import { createPaint, type Terminal } from "../../src/cli/terminal.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

async function* nothing(): AsyncGenerator<Uint8Array> {}

const noting = (said: string[]): Terminal => ({
  out: () => undefined,
  note: (text) => void said.push(text),
  input: nothing(),
  live: false,
  columns: 100,
  paint: createPaint(false),
  stop: new AbortController().signal,
});

it("says a plain line every two seconds where nobody watches, with the rate of what is counted", () => {
  const said: string[] = [];
  const progress = startProgress(noting(said), { title: "enqueue", total: 1000, unit: "signals" });
  progress.update(100, 10);
  vi.advanceTimersByTime(2000);
  progress.update(250, 4000, "· 7 replies");
  progress.update(300, 5000);
  vi.advanceTimersByTime(2000);
  progress.update(1000, 8000);
  progress.stop();
  expect(said).toEqual([
    "enqueue: 25%, 4000 signals, 2,000/s · 7 replies",
    "enqueue: 100%, 8000 signals, 2,000/s",
  ]);
});

it("leaves the percentage out where the total is not known", () => {
  const said: string[] = [];
  const progress = startProgress(noting(said), { title: "enqueue", total: 0, unit: "signals" });
  vi.advanceTimersByTime(4000);
  progress.update(9, 2000);
  expect(said).toEqual(["enqueue: 2000 signals, 500/s"]);
});
