// Addresses of places in documents.

import { query, root } from "./collection.js";
import { quoteId } from "./api.js";
import { tellScope } from "./scope.js";

/** The address of a place: `/d/<document>#char=start,end`. */
export const placeUrl = ({ id, start, end }) =>
  `${root}/d/${quoteId(id)}${query}${Number.isInteger(start) ? `#char=${start},${end}` : ""}`;

/** The place an address names, or null. */
export function placeOf(address) {
  const shelf = `${root}/d/`;
  if (!address.pathname.startsWith(shelf)) return null;
  let id;
  try {
    id = decodeURIComponent(address.pathname.slice(shelf.length));
  } catch {
    return null;
  }
  if (!id) return null;
  // Whoever adds a text fragment, "#:~:text=…", leaves its "#"
  const span = /^#char=(\d{1,12}),(\d{1,12})(?:#|&|$)/.exec(address.hash);
  return { id, start: span ? Number(span[1]) : null, end: span ? Number(span[2]) : null };
}

/** The whole address that asks a question when it is opened, in the documents of `scope` (see scope.js). */
export function sharedUrl(question, scope = null) {
  const url = new URL(`${root}/${query}`, location.origin);
  url.searchParams.set("q", question);
  tellScope(url.searchParams, scope);
  return url.href;
}
