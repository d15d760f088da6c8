/** How large a thing may be that comes through a door. One table, quoted by the documentation and by every refusal. */
export const LIMITS = {
  /** UTF-16 units of one feedback text. */
  textChars: 20_000,
  /** Levels of nesting in properties, context, custom traits and conditions. */
  depth: 64,
  /** Characters of an id. */
  idChars: 200,
  /** Characters of a name, channel, subject or event type. */
  nameChars: 200,
  /** Characters of a locale tag (RFC 5646 recommends buffers of 35). */
  localeChars: 35,
  /** Characters of properties, context or custom traits, as JSON. */
  propertiesChars: 32_768,
  /** Signals in one batch job or one HTTP request. */
  batchSignals: 200,
  /** Comparisons and groups that one rule may stand for, named conditions counted where they are used. */
  ruleConditions: 2_000,
} as const;
