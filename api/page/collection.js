// Where the service begins, and which collection this page is about: the one that `?collection=` in its address names, else `default`.

// The path below which the service lies, empty or "/fuente": this file is at /page/collection.js of it.
const here = new URL(import.meta.url);
export const root = here.protocol === "file:" ? "" : here.pathname.replace(/\/page\/[^/]*$/, "");

const told = new URLSearchParams(location.search ?? "").get("collection") ?? "";
const named = /^[a-z0-9][a-z0-9-]{0,62}$/.test(told) ? told : "";

/** Its name; empty for `default`. */
export const collection = named === "default" ? "" : named;

/** Where its endpoints begin. Without a name the service answers for what there is to ask. */
export const base = `${root}/v1${named ? `/collections/${named}` : ""}`;

/** Whether these are the samples: documents of one's own are added beside them, in `default`. */
export const isSamples = collection === "muestras";

/** Where the endpoints begin of the collection that new documents go to. */
export const own = isSamples ? `${root}/v1/collections/default` : base;

/** The address of the page of a collection. */
export const pageOf = (name) => `${root}/?collection=${name}`;

/** What stands behind the path of every address of the page, so that it stays in the collection. */
export const query = named ? `?collection=${named}` : "";

/** The name under which the browser keeps something of this collection: those of another one stay apart. */
export const kept = (name) => (collection ? `fuente.${collection}:${name}` : `fuente.${name}`);

/** Has what the browser keeps of a collection follow its new name. */
export function moveKept(name, wanted) {
  const before = `fuente.${name}:`;
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(before))) {
      localStorage.setItem(`fuente.${wanted}:${key.slice(before.length)}`, localStorage.getItem(key));
      localStorage.removeItem(key);
    }
  } catch {
    // Then it stays under the old name, for whoever gives that back.
  }
}
