import { describe, expect, it } from "vitest";
import { LINE_BYTES, type Line, linesOf } from "../../src/cli/lines.ts";

async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === "string" ? Buffer.from(part) : part;
}

const read = async (...parts: readonly (string | Uint8Array)[]): Promise<readonly Line[]> => {
  const lines: Line[] = [];
  for await (const line of linesOf(chunks(...parts))) lines.push(line);
  return lines;
};

describe("lines of a stream", () => {
  it("are numbered as in the file, blank ones counted and left out", async () => {
    expect(await read('{"a":1}\n\n  \r\n{"b":2}')).toEqual([
      { kind: "text", number: 1, text: '{"a":1}' },
      { kind: "text", number: 4, text: '{"b":2}' },
    ]);
  });

  it("are whole wherever the chunks are cut, also inside a Chinese character", async () => {
    const bytes = Buffer.from("包裹\n没到\n");
    for (let cut = 0; cut <= bytes.length; cut += 1)
      expect(
        (await read(bytes.subarray(0, cut), bytes.subarray(cut))).map((line) =>
          line.kind === "text" ? line.text : line.sentence,
        ),
      ).toEqual(["包裹", "没到"]);
  });

  it("lose a byte order mark", async () => {
    expect(await read("\uFEFFa\nb")).toMatchObject([{ text: "a" }, { text: "b" }]);
  });

  it("that are not UTF-8 are faults, and the next line is read", async () => {
    expect(await read(Buffer.from([0x22, 0xff, 0x22, 0x0a]), "ok")).toMatchObject([
      { kind: "fault", number: 1 },
      { kind: "text", number: 2, text: "ok" },
    ]);
  });

  it("that are too long are faults, kept in no memory", async () => {
    const piece = "x".repeat(LINE_BYTES / 2);
    expect(await read(piece, piece, piece, "\nok\n")).toMatchObject([
      { kind: "fault", number: 1 },
      { kind: "text", number: 2, text: "ok" },
    ]);
  });

  it("are none in an empty stream", async () => {
    expect(await read()).toEqual([]);
    expect(await read("")).toEqual([]);
  });

  it("tell how many bytes were read", async () => {
    const seen: number[] = [];
    for await (const line of linesOf(chunks("ab\n", "c\n"), (bytes) => seen.push(bytes))) void line;
    expect(seen).toEqual([3, 5]);
  });
});
