/**
 * How printed values are made safe for where a reply is shown. Every value passes here once, after its filters, and the template's own words never do:
 * what a customer wrote can be read there, but can neither mark anything up nor link anywhere.
 */

/** Where a slot's replies are shown: as they stand, as HTML, or as Markdown (CommonMark). */
export const SLOT_FORMATS = ["text", "html", "markdown"] as const;
export type SlotFormat = (typeof SLOT_FORMATS)[number];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Every punctuation character of ASCII may be escaped in CommonMark (section 2.4), and each can mean something somewhere. */
const MARKDOWN = /[!-/:-@[-`{-~]/gu;

const ESCAPES: Readonly<Record<SlotFormat, (text: string) => string>> = {
  text: (text) => text,
  html: (text) => text.replace(/[&<>"'`]/gu, (character) => ENTITIES[character] ?? character),
  markdown: (text) => text.replace(MARKDOWN, "\\$&"),
};

/** The text as it may stand in a reply of that format. */
export const escapeFor = (format: SlotFormat, text: string): string => ESCAPES[format](text);
