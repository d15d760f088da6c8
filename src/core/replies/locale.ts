/**
 * Which languages to try for a reply, best first.
 * Chinese differs from the rest: regions imply a script (zh-TW reads zh-Hant), and a reader of one script is rather given the other than English.
 */

const SCRIPT_OF_REGION: ReadonlyMap<string, string> = new Map([
  ["CN", "Hans"],
  ["SG", "Hans"],
  ["MY", "Hans"],
  ["TW", "Hant"],
  ["HK", "Hant"],
  ["MO", "Hant"],
]);

const LOCALE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/iu;

/** Language in lower case, script capitalised, region in upper case: the shapes of RFC 5646, section 2.1.1. */
const subtagInForm = (subtag: string, index: number): string => {
  if (index === 0) return subtag.toLowerCase();
  if (/^[a-z]{4}$/iu.test(subtag))
    return `${subtag.slice(0, 1).toUpperCase()}${subtag.slice(1).toLowerCase()}`;
  return /^[a-z]{2}$/iu.test(subtag) ? subtag.toUpperCase() : subtag.toLowerCase();
};

/** "zh_hans_cn" as "zh-Hans-CN", extensions ("-u-…", "-x-…") left out; undefined for what is not a locale, and for "und". */
export const canonicalLocale = (text: string): string | undefined => {
  const [plain = ""] = text
    .trim()
    .replaceAll("_", "-")
    .split(/-[a-z0-9](?:-|$)/iu, 1);
  if (!LOCALE.test(plain) || plain.toLowerCase() === "und") return undefined;
  return plain.split("-").map(subtagInForm).join("-");
};

/** The tag and its ever shorter prefixes: zh-Hans-CN, zh-Hans, zh. */
const prefixes = (tag: string): readonly string[] => {
  const subtags = tag.split("-");
  return subtags.map((_, index) => subtags.slice(0, subtags.length - index).join("-"));
};

const chineseChain = (tag: string): readonly string[] => {
  const region = tag.split("-").find((subtag) => SCRIPT_OF_REGION.has(subtag));
  const script = /-Han[st]\b/u.test(tag) ? undefined : SCRIPT_OF_REGION.get(region ?? "");
  const own = prefixes(tag).filter((prefix) => prefix !== "zh");
  return [...own, ...(script === undefined ? [] : [`zh-${script}`]), "zh", "zh-Hans", "zh-Hant"];
};

/** Locales to try for somebody who wants `wanted`, best first, without repeats; always ends with the default locale. */
export const localeChain = (wanted: string, defaultLocale: string): readonly string[] => {
  const tag = canonicalLocale(wanted);
  if (tag === undefined) return [defaultLocale];
  const own = tag.split("-")[0] === "zh" ? chineseChain(tag) : prefixes(tag);
  return [...new Set([...own.filter((locale) => locale !== defaultLocale), defaultLocale])];
};
