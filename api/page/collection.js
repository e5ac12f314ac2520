// Which collection this page is about: the one that `?collection=` in its address names, else `default`.

const named = new URLSearchParams(location.search ?? "").get("collection") ?? "";

/** Its name; empty for `default`. */
export const collection = /^[a-z0-9][a-z0-9-]{0,62}$/.test(named) && named !== "default" ? named : "";

/** Where its endpoints begin. */
export const base = collection ? `/v1/collections/${collection}` : "/v1";

/** What stands behind the path of every address of the page, so that it stays in the collection. */
export const query = collection ? `?collection=${collection}` : "";

/** The name under which the browser keeps something of this collection: those of another one stay apart. */
export const kept = (name) => (collection ? `fuente.${collection}:${name}` : `fuente.${name}`);
