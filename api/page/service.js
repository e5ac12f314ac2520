// What the page must know of its service, as /v1/info says it. Before that it takes what every version takes.

/** @typedef {{formats: string[], bands: {high: number, medium: number} | null, limits: Record<string, number>, links: boolean}} Facts */

/** @type {Facts} */
const facts = { formats: [], bands: null, limits: {}, links: false };

/** Takes note of the service's own description; true when the page did not know it before. */
export function learn(info) {
  const isNew = facts.bands === null;
  facts.formats = info.formats ?? [];
  facts.bands = info.confidence_bands ?? null;
  facts.limits = info.limits ?? {};
  facts.links = info.fetch_links ?? false;
  return isNew;
}

/** The suffixes of the files that it reads, `.pdf`. */
export const formats = () => facts.formats;

/** The names of those formats, `PDF, Word`, each once; `names` are known ones by suffix. */
export const formatNames = (names) =>
  [...new Set(facts.formats.map((suffix) => names[suffix.slice(1)] ?? suffix.slice(1).toUpperCase()))].join(", ");

/** "high", "medium" or "low" for a confidence; null while the service has not said what it calls so. */
export function level(confidence) {
  if (!facts.bands) return null;
  if (confidence >= facts.bands.high) return "high";
  return confidence >= facts.bands.medium ? "medium" : "low";
}

/** How many of something the service takes or gives at once. */
export const limit = (name, atLeast) => facts.limits[name] ?? atLeast;

/** Whether it adds documents from links. */
export const followsLinks = () => facts.links;
