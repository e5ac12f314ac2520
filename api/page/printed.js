// A page as it is printed: its picture, the quoted lines lit on it, and its words laid over it, to be selected.

import * as api from "./api.js";
import { button, el } from "./dom.js";
import { panelWidth, roundButton } from "./side.js";
import { number, w } from "./words.js";

const ZOOMS = [1, 1.4, 2, 3];
// Widths of pictures that the service draws: so many steps, so that it keeps few of a page.
const STEP_PX = 300;
const MOST_PX = 2_400;
const FINE = 1.5; // picture pixels for one of the screen, at least: small print stays legible
const MARK_AT = 0.28; // of the height, where what is marked stands after opening
const AROUND_PX = 24; // of the panel, beside the paper

/** `doors`: shown(page) when another page is looked at, failed(problem). */
export class Sheet {
  constructor(doors) {
    this.doors = doors;
    this.zoom = 0;
    this.loading = null; // AbortController of the page that is shown or being fetched
    this.shown = ""; // which page that is, with what on it
    this.sha256 = null; // of the file that its words are from, once they are there
    this.page = null;
    this.id = "";
    this.ahead = null; // what is there of the page that was shown last, or is likely to be shown next
    this.canvas = el("canvas", { role: "img" });
    this.over = el("div", { class: "sheet-over" });
    this.paper = el("div", { class: "sheet-paper", "aria-busy": "true" }, this.canvas, this.over);
    this.node = el(
      "div",
      { class: "side-body sheet", "data-keep": "text", tabindex: "0", role: "region", on: { keydown: (event) => this.typed(event) } },
      this.paper,
    );
  }

  close() {
    this.loading?.abort();
    this.loading = null;
  }

  /**
   * `of`: {id, title, pages, sha256, marks, marked}, the first mark being the one that is looked at where it is `marked`. A page
   * can be shown before its document is known: then `pages` is 0 and `sha256` empty, and what is there stays when they are told.
   */
  async show(of, page) {
    const shown = this.keyOf(of, page);
    const stays = this.loading && this.shown === shown && [null, of.sha256].includes(this.sha256);
    this.of = of;
    if (stays) {
      this.dress();
      return;
    }
    this.loading?.abort();
    const loading = new AbortController();
    Object.assign(this, { loading, shown, sha256: null });
    const turned = this.page !== page || this.id !== of.id;
    if (turned) {
      this.canvas.width = 0;
      this.node.scrollTop = 0;
    }
    Object.assign(this, { page, id: of.id });
    this.over.replaceChildren();
    this.paper.setAttribute("aria-busy", "true");
    this.dress();
    try {
      await null; // the panel is put together first
      const width = this.pixels(this.paper.clientWidth);
      const isAhead = this.ahead?.shown === shown && this.ahead.sha256 === of.sha256 && this.ahead.width >= width;
      const asked = isAhead ? this.ahead : this.asked(of, page, width, loading.signal);
      await this.draw(await asked.picture, loading.signal);
      if (this.loading !== loading) return;
      this.paper.setAttribute("aria-busy", "false");
      const known = await asked.known();
      if (this.loading !== loading) return;
      this.ahead = asked;
      if (isAhead && ![known.sha256, ""].includes(this.of.sha256)) {
        // The file is another one by now.
        this.ahead = this.loading = null;
        this.show(this.of, page);
      } else this.lay(known);
    } catch (problem) {
      if (problem.name === "AbortError" || this.loading !== loading) return;
      this.loading = null;
      this.doors.failed(problem);
    }
  }

  /** Has a page be there when it is shown; one at a time, in the width that the panel will have. */
  prepare(of, page) {
    const shown = this.keyOf(of, page);
    if ([this.ahead?.shown, this.loading && this.shown].includes(shown)) return;
    const ahead = this.asked(of, page, this.pixels(this.paper.clientWidth || (panelWidth() - AROUND_PX) * ZOOMS[this.zoom]));
    this.ahead = ahead;
    // What fails now is told when the page is wanted.
    ahead.known().catch(() => this.ahead === ahead && (this.ahead = null));
  }

  keyOf({ id, marked, marks }, page) {
    return JSON.stringify([id, page, this.zoom, marked, marks.map(({ start, end }) => [start, end])]);
  }

  // As many as are seen on the screen.
  pixels(clientWidth) {
    const wide = Math.max(1, clientWidth) * Math.min(Math.max(devicePixelRatio, FINE), 2);
    return Math.min(MOST_PX, Math.ceil(wide / STEP_PX) * STEP_PX);
  }

  // The picture of a page, and its words after it: those of a scan take seconds, and one process draws both.
  asked({ id, sha256, marked, marks }, page, width, signal) {
    const picture = api.picture(id, page, width, sha256, signal);
    let known = null;
    const shown = this.keyOf({ id, marked, marks }, page);
    return { shown, sha256, width, picture, known: () => (known ??= picture.then(() => api.printed(id, page, marks, signal))) };
  }

  async draw(blob, signal) {
    const bitmap = await createImageBitmap(blob);
    if (signal.aborted) return;
    this.canvas.width = bitmap.width;
    this.canvas.height = bitmap.height;
    this.canvas.getContext("2d").drawImage(bitmap, 0, 0);
    bitmap.close();
  }

  lay(known) {
    if (!known) return;
    this.sha256 = known.sha256;
    const put = (node, [left, top, right, bottom]) => {
      Object.assign(node.style, {
        left: `${left * 100}%`,
        top: `${top * 100}%`,
        width: `${(right - left) * 100}%`,
        height: `${(bottom - top) * 100}%`,
      });
      return node;
    };
    const words = known.lines.map(({ text, box }) => {
      const node = put(el("span", { class: "sheet-line" }, text, "\n"), box);
      node.style.fontSize = `${(box[3] - box[1]) * 100}cqh`;
      return node;
    });
    // Where the next line is printed so close that it begins in this one, a rule would cut its letters.
    const isTight = ([left, top, right, bottom]) =>
      known.lines.some(({ box }) => box[0] < right && box[2] > left && box[1] > (top + bottom) / 2 && box[1] < bottom - 0.05 * (bottom - top));
    const lit = known.marks.flatMap((boxes, n) => {
      const isOwn = n === 0 && this.of.marked;
      const look = (box) => `lit${isOwn ? "" : " too"}${isTight(box) ? " tight" : ""}`;
      return boxes.map((box) => put(el("i", { class: look(box), title: isOwn ? null : w().citedToo }), box));
    });
    this.over.replaceChildren(...lit, ...words);
    // Letters of another typeface, made as wide as those of the page; all measured before any is changed.
    const widths = words.map((node) => node.clientWidth / Math.max(1, node.scrollWidth));
    words.forEach((node, n) => (node.style.transform = `scaleX(${widths[n].toFixed(3)})`));
    this.toMark();
  }

  toMark() {
    const mark = this.over.querySelector(".lit:not(.too)");
    if (!mark) return;
    const body = this.node.getBoundingClientRect();
    const box = mark.getBoundingClientRect();
    this.node.scrollTop += box.top - body.top - body.height * MARK_AT;
    this.node.scrollLeft += box.left - body.left - Math.max(0, (body.width - box.width) / 2);
  }

  turn(page) {
    if (page < 1 || page > this.of.pages || page === this.page) return;
    this.show(this.of, page);
    this.doors.shown(page);
  }

  enlarge(by) {
    const zoom = Math.min(ZOOMS.length - 1, Math.max(0, this.zoom + by));
    if (zoom === this.zoom) return;
    this.zoom = zoom;
    this.show(this.of, this.page);
  }

  typed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.node) return;
    const act = {
      ArrowLeft: () => this.zoom === 0 && this.turn(this.page - 1),
      ArrowRight: () => this.zoom === 0 && this.turn(this.page + 1),
      "+": () => this.enlarge(1),
      "-": () => this.enlarge(-1),
    }[event.key];
    act?.();
  }

  // What depends on the language, the page and the zoom.
  dress() {
    const { title, pages } = this.of;
    this.node.setAttribute("aria-label", w().pictureOf(number(this.page), title));
    this.canvas.setAttribute("aria-label", w().pictureOf(number(this.page), title));
    this.paper.style.width = `${ZOOMS[this.zoom] * 100}%`;
    if (!this.foot) return;
    const { no, before, after, smaller, larger, percent } = this.foot;
    no.value = String(this.page);
    before.disabled = this.page <= 1;
    after.disabled = this.page >= pages;
    smaller.disabled = this.zoom === 0;
    larger.disabled = this.zoom === ZOOMS.length - 1;
    percent.textContent = number(ZOOMS[this.zoom], { style: "percent" });
  }

  /** The line under the page: which one it is, and how large. */
  drawFoot() {
    const no = el("input", {
      type: "number",
      min: 1,
      max: this.of.pages,
      "aria-label": w().pageNumber,
      "data-keep": "page",
    });
    no.addEventListener("change", () => {
      const page = Math.min(this.of.pages, Math.max(1, Math.round(Number(no.value)) || this.page));
      no.value = String(page);
      this.turn(page);
    });
    const before = roundButton("‹", w().previousPage, () => this.turn(this.page - 1), { "data-keep": "page-1" });
    const after = roundButton("›", w().nextPage, () => this.turn(this.page + 1), { "data-keep": "page1" });
    const smaller = roundButton("−", w().smaller, () => this.enlarge(-1), { "data-keep": "zoom-1" });
    const larger = roundButton("+", w().larger, () => this.enlarge(1), { "data-keep": "zoom1" });
    const percent = el("span", { class: "sheet-zoom", "aria-live": "polite" });
    this.foot = { no, before, after, smaller, larger, percent };
    this.dress();
    return el(
      "div",
      { class: "side-foot sheet-foot" },
      el("span", { class: "sheet-turn" }, before, no, el("span", null, w().ofPages(number(this.of.pages))), after),
      el("span", { class: "sheet-turn" }, smaller, percent, larger),
    );
  }
}

/** The button that changes between the page and its text. */
export const viewButton = (asText, onClick) =>
  button(asText ? w().asPrinted : w().asText, onClick, "quiet view", { "data-keep": "view" });
