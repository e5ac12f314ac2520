// Where the service begins, and which collection this page is about: the one that `?collection=` in its address names, else `default`.

// The path below which the service lies, empty or "/fuente": this file is at /page/collection.js of it.
const here = new URL(import.meta.url);
export const root = here.protocol === "file:" ? "" : here.pathname.replace(/\/page\/[^/]*$/, "");

const named = new URLSearchParams(location.search ?? "").get("collection") ?? "";

/** Its name; empty for `default`. */
export const collection = /^[a-z0-9][a-z0-9-]{0,62}$/.test(named) && named !== "default" ? named : "";

/** Where its endpoints begin. */
export const base = `${root}/v1${collection ? `/collections/${collection}` : ""}`;

/** The address of the page of a collection. */
export const pageOf = (name) => `${root}/${name && name !== "default" ? `?collection=${name}` : ""}`;

/** What stands behind the path of every address of the page, so that it stays in the collection. */
export const query = collection ? `?collection=${collection}` : "";

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
