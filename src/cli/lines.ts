/**
 * Lines of a JSONL file or of stdin with their numbers, in constant memory.
 * Bytes that are not UTF-8 and lines that are too long come out as faults at their place: never repaired, never silently skipped.
 */

/** A line to use, or what is wrong with it. `number` begins with 1; blank lines are left out but counted. */
export type Line =
  | { readonly kind: "text"; readonly number: number; readonly text: string }
  | { readonly kind: "fault"; readonly number: number; readonly sentence: string };

/** Longer than any signal within its limits. */
export const LINE_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;

const decode = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const lineOf = (pieces: readonly Uint8Array[], bytes: number, number: number): Line | undefined => {
  if (bytes > LINE_BYTES)
    return {
      kind: "fault",
      number,
      sentence: `is longer than ${LINE_BYTES} bytes; one line is one JSON object`,
    };
  const text = decode(Buffer.concat(pieces));
  if (text === undefined)
    return { kind: "fault", number, sentence: "is not valid UTF-8; save the file as UTF-8" };
  // Also takes away a byte order mark.
  const plain = text.trim();
  return plain === "" ? undefined : { kind: "text", number, text: plain };
};

/** Every line that is not blank. `onBytes` hears how many bytes have been read so far. */
export async function* linesOf(
  source: AsyncIterable<Uint8Array>,
  onBytes?: (read: number) => void,
): AsyncGenerator<Line> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  let number = 1;
  let read = 0;
  for await (const chunk of source) {
    let from = 0;
    for (
      let end = chunk.indexOf(NEWLINE);
      end !== -1;
      from = end + 1, end = chunk.indexOf(NEWLINE, from)
    ) {
      const line = lineOf([...pieces, chunk.subarray(from, end)], bytes + end - from, number);
      pieces = [];
      bytes = 0;
      number += 1;
      if (line !== undefined) yield line;
    }
    const rest = chunk.subarray(from);
    bytes += rest.length;
    if (bytes <= LINE_BYTES) pieces.push(rest);
    read += chunk.length;
    onBytes?.(read);
  }
  const last = lineOf(pieces, bytes, number);
  if (last !== undefined) yield last;
}
