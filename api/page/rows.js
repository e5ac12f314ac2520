// A list of any length of which only what is seen, and what is near it, is fetched and drawn.

import { el } from "./dom.js";

const NEAR_PX = 900;
const ROW_PX = 76; // before a row has been seen
const CALM_MS = 80; // what is scrolled past faster is not fetched

/**
 * Pages of `size` rows. `doors`: fetch(n, signal) gives `{data, total}` of a page, row(one) the node of a row.
 */
export class Rows {
  constructor(size, doors) {
    this.size = size;
    this.doors = doors;
    this.pages = new Map(); // what was fetched, by number
    this.heights = new Map(); // of pages that were drawn once, in px
    this.seen = new Set(); // the pages that are drawn
    this.loaded = false;
    this.watcher = null;
  }

  /** Fetches anew what is drawn, the first page at least; gives that back. */
  async load(signal) {
    const wanted = [...new Set([0, ...this.seen])];
    const found = await Promise.all(wanted.map((n) => this.doors.fetch(n, signal)));
    this.pages = new Map(wanted.map((n, i) => [n, found[i]]));
    this.loaded = true;
    return found[0];
  }

  /** Another list is about to come, from its beginning. */
  forget() {
    this.seen.clear();
    this.heights.clear();
  }

  /** A page, fetched unless it was. */
  async page(n, signal = undefined) {
    if (!this.pages.has(n)) this.pages.set(n, await this.doors.fetch(n, signal));
    return this.pages.get(n);
  }

  /** Takes rows away before the service has. */
  drop(gone) {
    for (const [n, page] of this.pages) {
      this.pages.set(n, { ...page, data: page.data.filter((one) => !gone(one)) });
      this.heights.delete(n);
    }
  }

  /** The nodes of a list of `total` rows: a list for each page, empty where it is not seen. */
  nodes(total) {
    const count = Math.ceil(total / this.size);
    for (const n of this.seen) if (n >= count) this.seen.delete(n);
    this.seen.add(0);
    return Array.from({ length: count }, (_, n) => {
      const node = el("ul", { class: "documents", "data-page": n });
      this.total = total;
      if (this.seen.has(n) && this.pages.has(n)) this.fill(node, n);
      else this.empty(node, n);
      return node;
    });
  }

  /** Draws and empties the pages as `scroller` moves. */
  watch(scroller) {
    this.watcher?.disconnect();
    this.watcher = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) this.show(target);
          else this.hide(target);
        }
      },
      { root: scroller, rootMargin: `${NEAR_PX}px 0px` },
    );
    for (const node of scroller.querySelectorAll("[data-page]")) this.watcher.observe(node);
  }

  async show(node) {
    const n = Number(node.dataset.page);
    this.seen.add(n);
    if (node.firstChild) return;
    if (!this.pages.has(n)) {
      await new Promise((resolve) => setTimeout(resolve, CALM_MS));
      if (!this.seen.has(n) || !node.isConnected) return;
      try {
        await this.page(n);
      } catch {
        return; // the place stays empty; the next time it is seen it is tried again
      }
    }
    if (this.seen.has(n) && node.isConnected && !node.firstChild) this.fill(node, n);
  }

  hide(node) {
    const n = Number(node.dataset.page);
    // What has the focus stays, wherever it is scrolled to.
    if (!node.firstChild || node.contains(document.activeElement)) return;
    this.heights.set(n, node.offsetHeight);
    this.seen.delete(n);
    this.empty(node, n);
  }

  fill(node, n) {
    node.style.height = "";
    node.replaceChildren(
      ...this.pages.get(n).data.map((one, i) => {
        const row = this.doors.row(one);
        row.setAttribute("aria-posinset", String(n * this.size + i + 1));
        row.setAttribute("aria-setsize", String(this.total));
        return row;
      }),
    );
  }

  empty(node, n) {
    const rows = Math.min(this.size, this.total - n * this.size);
    const known = [...this.heights.values()];
    const each = known.length ? known.reduce((sum, height) => sum + height, 0) / known.length / this.size : ROW_PX;
    node.style.height = `${this.heights.get(n) ?? Math.round(rows * each)}px`;
    node.replaceChildren();
  }
}
