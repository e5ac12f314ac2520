// An answer cut at its citations, as text: what is a quote, and what stands around it.

// A shorter quote with words before and after it on its line is shown inside the sentence.
const INLINE_CHARS = 90;

export const WORD = /[\p{L}\p{N}]/u;

/**
 * The answer cut at its citations. Offsets are code points, so the cutting is done on code points; where they do not
 * give the citation's own text, that text is looked for instead.
 *
 * @typedef {{own?: string, quote?: string, citations?: any[], start?: number, end?: number, inline?: boolean}} Part
 * @param {string} answer
 * @param {any[]} citations
 */
export function cut(answer, citations) {
  const points = Array.from(answer);
  /** @type {Part[]} */
  const parts = [];
  let at = 0;
  for (const citation of [...citations].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = parts.findLast((part) => part.citations);
    if (last && last.start === citation.start && last.end === citation.end) {
      last.citations.push(citation);
      continue;
    }
    let { start, end } = citation;
    if (start < at || points.slice(start, end).join("") !== citation.text) {
      const rest = points.slice(at).join("").split(citation.text);
      start = rest.length > 1 ? at + Array.from(rest[0]).length : points.length;
      end = rest.length > 1 ? start + Array.from(citation.text).length : points.length;
    }
    parts.push({ own: points.slice(at, start).join("") });
    parts.push({ quote: citation.text, citations: [citation], start: citation.start, end: citation.end });
    at = end;
  }
  parts.push({ own: points.slice(at).join("") });
  return parts;
}

// The quotation marks and "[1]" around a quote are typography, which the page does itself.
export const opening = (text) => text.replace(/[«“"‘]\s*$/u, "");
export const closing = (text) => text.replace(/^\s*[»”"’]/u, "").replace(/^[ \t]*(\[\d+\][ \t]*)+/u, " ");

/** True for a quote that stands inside a sentence of the answer's own words. */
export function isInline(quote, before, after) {
  return (
    Array.from(quote).length <= INLINE_CHARS &&
    !quote.includes("\n") &&
    WORD.test(before.split("\n").at(-1)) &&
    WORD.test(after.split("\n")[0])
  );
}
