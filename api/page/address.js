// Addresses of places in documents.

import { query } from "./collection.js";
import { quoteId } from "./api.js";

/** The address of a place: `/d/<document>#char=start,end`. */
export const placeUrl = ({ id, start, end }) =>
  `/d/${quoteId(id)}${query}${Number.isInteger(start) ? `#char=${start},${end}` : ""}`;

/** The place an address names, or null. */
export function placeOf(address) {
  if (!address.pathname.startsWith("/d/")) return null;
  let id;
  try {
    id = decodeURIComponent(address.pathname.slice("/d/".length));
  } catch {
    return null;
  }
  if (!id) return null;
  const span = /^#char=(\d{1,12}),(\d{1,12})$/.exec(address.hash);
  return { id, start: span ? Number(span[1]) : null, end: span ? Number(span[2]) : null };
}

/** The whole address that asks a question when it is opened. */
export function sharedUrl(question) {
  const url = new URL(`/${query}`, location.origin);
  url.searchParams.set("q", question);
  return url.href;
}
