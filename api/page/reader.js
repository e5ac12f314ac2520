// The reader: a document's own text, scrolled to the quoted words. A long document is there only around
// the place that is read; more of it is fetched before the scrolling gets there, and what is far away is
// dropped.

import { placeUrl } from "./address.js";
import { whereabouts } from "./citation.js";
import * as api from "./api.js";
import { all, button, copyButton, el, icon, langOf, refill } from "./dom.js";
import { Drawn } from "./drawn.js";
import { ghost, problemNode, roundButton, settled, sideHead } from "./side.js";
import { Sheet, viewButton } from "./printed.js";
import { number, w } from "./words.js";

// Code points of one stretch of text, and of the part of the first one before its place.
const STRETCH = 8_000;
const BEFORE = 3_000;
// Stretches kept: together a few hundred screens, which a browser lays out at once.
const KEPT = 16;
// More is fetched when less than this is left to scroll.
const AHEAD_PX = 2_500;
const TYPING_MS = 200;
const LEFT_OUT = 100; // things that are listed of those that are not in the text
const LEFT_OUT_CHARS = 160;

const VIEW = "fuente.view"; // how pages were looked at last: "page" or "text"

function keptView() {
  try {
    return localStorage.getItem(VIEW);
  } catch {
    return null;
  }
}

function keepView(view) {
  try {
    localStorage.setItem(VIEW, view);
  } catch {
    // Asked again next time then.
  }
}

const samePlace = (a, b) => a.id === b.id && a.start === b.start && a.end === b.end;
const isMarked = (place) => Number.isInteger(place?.start);
const mayBePrinted = (place) => Boolean(place?.page) && /\.pdf$/i.test(place.id);

/** Page numbers, those in a row as 3–7. */
function ranges(pages) {
  const rows = [];
  for (const page of [...new Set(pages)].sort((a, b) => a - b)) {
    if (rows.at(-1)?.[1] === page - 1) rows.at(-1)[1] = page;
    else rows.push([page, page]);
  }
  return rows.map(([from, to]) => (from === to ? number(from) : `${number(from)}–${number(to)}`)).join(", ");
}

function citationText({ quote, title, page, section, url }) {
  const where = [
    w().quoted(quote),
    [title, whereabouts({ page, section, title })].filter(Boolean).join(w().separator),
  ];
  return `${where.join(" — ")}. ${url}`;
}

/**
 * Opens places in the side panel. `doors`: close(), library(), askThis({id, title}), go(place, options), and citations(): every
 * citation of the conversation as {place, trigger}, `trigger` being its button in the talk.
 */
export class Reader {
  constructor(panel, doors) {
    this.panel = panel;
    this.doors = doors;
    this.place = null;
    this.loading = null; // AbortController of the text being fetched
    this.typed = settled(TYPING_MS, () => this.search());
    this.outlining = false;
    this.outline = null; // [{text, level, start, end, page}], once fetched
    this.leftOut = []; // [{text, reason, pages}] of what is not in the text, fetched with it
    this.asText = keptView() === "text";
    this.sheet = new Sheet({
      shown: () => this.drawBack(),
      failed: (problem) => this.unprinted(problem),
    });
    this.forget();
    // The text is longer or shorter in its own letters, which may come after it.
    document.fonts.addEventListener("loadingdone", () => {
      if (this.at !== null && this.body?.isConnected) this.scrollTo(this.at);
    });
  }

  forget() {
    this.loading?.abort();
    this.loading = null;
    this.sheet.close();
    this.document = null; // what is known of it, once its text is there
    this.isUnprinted = false; // its pages could not be shown
    this.stretches = []; // [{start, end, node}], without a gap
    this.at = null; // the offset it was scrolled to, until somebody scrolls
    this.quote = null; // the words at the place, where they are whole
    this.notice = null; // {words, label, act}: the text is there, but not as the link says
    this.problem = null;
    this.unfolded = new Set(); // which lists of what is not in the text
    this.finding = false; // the field is open
    this.words = "";
    this.found = null; // {data, has_more} of those words
    this.now = -1; // which of them is shown
    this.filling = false;
  }

  async open(place) {
    if (this.place?.id !== place.id) {
      this.forget();
      this.outlining = false;
      this.outline = null;
      this.leftOut = [];
    }
    this.place = place;
    this.where = null;
    this.notice = null;
    this.problem = null;
    this.draw();
    // A citation knows its page, which need not wait for the text.
    if (this.isPrinted && place.page) {
      this.showPage(place.page);
      this.sheet.toMark();
    }
    await this.show({ at: place.start ?? 0 });
  }

  close() {
    this.forget();
    this.place = null;
  }

  // ---- citations --------------------------------------------------------------------------

  /** The citations of the conversation, document by document, each in the order of its text. */
  citations() {
    const byDocument = new Map();
    for (const one of this.doors.citations()) {
      const list = byDocument.get(one.place.id) ?? [];
      if (!list.some((other) => samePlace(other.place, one.place))) list.push(one);
      byDocument.set(one.place.id, list);
    }
    return [...byDocument.values()].flatMap((list) => list.sort((a, b) => a.place.start - b.place.start));
  }

  // The first mark is the place itself, where there is one.
  marks(of = this.place) {
    const others = this.citations()
      .map((one) => one.place)
      .filter((place) => place.id === of.id && !samePlace(place, of));
    return [...(isMarked(of) ? [of] : []), ...others].slice(0, api.limit("max_marks", 20));
  }

  // "‹ 2 / 3 ›"
  steps() {
    const all = this.citations();
    const at = all.findIndex((one) => samePlace(one.place, this.place));
    if (at < 0 || all.length < 2) return null;
    const step = (by, label, sign) =>
      roundButton(
        sign,
        label,
        () => this.doors.go(all[at + by].place, { trigger: all[at + by].trigger, step: by }),
        { disabled: !all[at + by], "data-step": by, "data-keep": `step${by}` },
      );
    return el(
      "span",
      { class: "steps" },
      step(-1, w().previous, "‹"),
      el("span", { "aria-hidden": "true" }, `${at + 1} / ${all.length}`),
      el("span", { class: "sr" }, w().citationOf(at + 1, all.length)),
      step(1, w().next, "›"),
    );
  }

  // ---- text -------------------------------------------------------------------------------

  fetch(options) {
    return api.lines(
      this.place.id,
      { marks: this.marks(), words: this.words, ...options },
      this.loading.signal,
    );
  }

  /** Puts the text around `at` in place of what is there, and scrolls to it. */
  async show({ at }) {
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    const place = this.place;
    let shown;
    try {
      try {
        shown = await this.fetch({ at, before: BEFORE, after: STRETCH });
      } catch (problem) {
        // A link may name a place that this document does not have: then it is opened at its beginning.
        if (problem.status !== 422 || at === 0) throw problem;
        shown = await this.fetch({ at: 0, before: 0, after: STRETCH });
      }
    } catch (problem) {
      if (problem.name === "AbortError" || this.loading !== loading) return;
      this.problem = problem;
      this.sheet.close();
      this.draw();
      return;
    }
    if (this.loading !== loading) return;
    const first = !this.document;
    const judged = isMarked(place) && at === place.start;
    this.problem = null;
    if (judged) this.judge(shown);
    else if (this.isUnprinted) this.notice = { words: () => w().noPicture };
    const { title, language, characters, pages, printed, sha256 } = shown;
    this.document = { title, language, characters, pages, printed, sha256 };
    if (first) this.build();
    const stretch = this.stretch(shown);
    this.stretches = [stretch];
    this.prose.replaceChildren(stretch.node);
    this.prose.lang = langOf(language) ?? "";
    if (!this.isPrinted) this.sheet.close();
    else if (first || judged) this.showPage(judged ? this.pageOfPlace() : (shown.page ?? 1));
    // The field of the words looked for is left alone while somebody types an accent in it.
    if (first || judged) this.draw();
    this.scrollTo(at);
    this.scrolled();
    if (first) this.lookForUnread();
  }

  // Whether the words at the place are those of the link, as far as a link can tell.
  judge(shown) {
    const { start, end, quote } = this.place;
    const words = shown.pieces
      .filter((piece) => piece.marks.includes(0))
      .map((piece) => piece.text)
      .join("");
    this.quote = words && end <= shown.end ? words : null;
    this.where = { page: shown.page, section: shown.section_path };
    this.notice = this.isUnprinted ? { words: () => w().noPicture } : null;
    if (start >= end || end > shown.characters) {
      this.quote = null;
      this.where = null;
      this.notice = { words: () => w().noSuchPlace(number(start), number(end), number(shown.characters)) };
    } else if (quote && this.quote !== null && quote !== this.quote) {
      this.notice = { words: () => w().otherWords, label: () => w().lookFor, act: () => this.lookFor(quote) };
    }
  }

  stretch({ start, end, pieces, parts, at }) {
    const node = el("span", { class: "stretch" });
    const drawn = new Drawn(node, parts);
    let holder = node;
    let group = node;
    let key = "";
    for (const piece of pieces) {
      if (piece.page) {
        drawn.close();
        node.append(el("span", { class: "page", "data-page": piece.page }));
      }
      const marked = isMarked(this.place) && piece.marks.includes(0);
      const other = this.marks()[piece.marks.find((n) => !(marked && n === 0)) ?? -1];
      const kind = marked ? "mark" : other ? `also ${other.start}` : "";
      for (const [to, text] of drawn.placesOf(piece)) {
        if (kind !== key || to !== holder || piece.page) {
          [key, holder, group] = [kind, to, to];
          if (to.className === "gap") key = ""; // what is not seen has no mark
          else if (marked) to.append((group = el("mark", { tabindex: "-1" })));
          else if (other) to.append((group = this.link(other)));
        }
        const words = document.createTextNode(text);
        if (piece.start === at) this.anchor = words;
        const classes = [piece.heading && `heading level-${Math.min(piece.heading, 4)}`, piece.found && "hit"].filter(Boolean).join(" ");
        group.append(classes ? el("span", { class: classes, "data-start": piece.start }, words) : words);
      }
    }
    drawn.close();
    if (end >= this.document.characters) node.dataset.last = "true";
    this.label(node);
    return { start, end, node };
  }

  // Another citation of the same document.
  link(place) {
    return el(
      "a",
      {
        class: "also",
        href: placeUrl(place),
        title: w().citedToo,
        on: {
          click: (event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            const known = this.doors.citations().find((one) => samePlace(one.place, place));
            this.doors.go(place, { trigger: known?.trigger });
          },
        },
      },
    );
  }

  // ---- the page as it is printed ----------------------------------------------------------

  get isPrinted() {
    const { document: known, place } = this;
    const printed = known ? known.printed : mayBePrinted(place);
    return printed && !(this.asText || this.isUnprinted || this.finding || this.notice);
  }

  pageOfPlace() {
    return this.where?.page ?? this.place.page ?? 1;
  }

  showPage(page) {
    this.sheet.show(this.sheetOf(this.place), page);
  }

  sheetOf(place) {
    const known = place.id === this.place?.id ? this.document : null;
    const { title, pages, sha256 } = known ?? { title: place.title ?? place.id, pages: 0, sha256: "" };
    return { id: place.id, title, pages, sha256, marks: this.marks(place), marked: isMarked(place) };
  }

  /** Has the page of a place that may be opened soon be there by then. */
  prepare(place) {
    const isWanted = mayBePrinted(place) && !this.asText && !(/** @type {any} */ (navigator).connection?.saveData);
    if (isWanted) this.sheet.prepare(this.sheetOf(place), place.page);
  }

  // The text is what there is then; judge() says so.
  unprinted(problem) {
    if (!this.document) return; // the text is on its way, and the page is tried again with it
    if (problem.status === 401 || problem.code === "unreachable" || problem.code === "offline") {
      this.problem = problem;
      this.draw();
      return;
    }
    this.isUnprinted = true;
    this.draw();
    this.show({ at: this.place.start ?? 0 });
  }

  changeView() {
    this.asText = this.isPrinted;
    keepView(this.asText ? "text" : "page");
    this.isUnprinted = false;
    if (this.asText) {
      this.draw();
      this.scrollTo(this.place.start ?? 0); // what was laid out while it was not seen
    } else if (this.finding) this.toggleFind(false);
    else {
      this.showPage(this.pageOfPlace());
      this.draw();
    }
  }

  // The style shows the label, so that it is no part of the text that is copied.
  label(node) {
    const unread = new Set(this.unreadPages());
    const said = (page) => (unread.has(page) ? w().pageUnread(number(page)) : w().page(number(page)));
    const marked = (page) => el("span", { class: "page-unread", "data-label": said(page) });
    for (const old of all(node, ".page-unread")) old.remove();
    for (const one of all(node, ".page")) {
      const page = Number(one.dataset.page);
      one.dataset.label = said(page);
      // A page without words has no label of its own: it is told of before the next one
      for (let before = page - 1, at = one; unread.has(before) && !this.labelOf(before); before--) {
        const mark = marked(before);
        at.before(mark);
        at = mark;
      }
    }
    for (const last of node.dataset.last ? [node] : all(node, "[data-last]")) {
      const { pages } = this.document;
      for (let page = pages, at = null; unread.has(page) && !this.labelOf(page); page--) {
        const one = marked(page);
        last.insertBefore(one, at);
        at = one;
      }
    }
  }

  labelOf(page) {
    return this.prose.querySelector(`.page[data-page="${page}"]`);
  }

  unreadPages() {
    return this.leftOut.filter(({ text }) => !text).flatMap(({ pages }) => pages);
  }

  build() {
    this.prose = el("div", { class: "prose words" });
    this.body = el(
      "div",
      { class: "side-body", "data-keep": "text", tabindex: "0", role: "region" },
      el("div", { class: "notices" }),
      this.prose,
    );
    for (const act of ["wheel", "touchmove", "pointerdown", "keydown"])
      this.body.addEventListener(act, () => (this.at = null), { passive: true });
    let waiting = false;
    this.body.addEventListener(
      "scroll",
      () => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
          waiting = false;
          this.scrolled();
        });
      },
      { passive: true },
    );
  }

  /** Fetches what will soon be scrolled to; below first, since that is where most people read on. */
  async fill() {
    if (this.filling || !this.stretches.length) return;
    this.filling = true;
    const { loading, body } = this;
    try {
      while (this.loading === loading && this.stretches.length) {
        const [first, last] = [this.stretches[0], this.stretches.at(-1)];
        const below = body.scrollHeight - body.scrollTop - body.clientHeight;
        let shown;
        if (below < AHEAD_PX && last.end < this.document.characters)
          shown = await this.fetch({ at: last.end, before: 0, after: STRETCH });
        else if (body.scrollTop < AHEAD_PX && first.start > 0)
          shown = await this.fetch({ at: first.start, before: STRETCH, after: 0 });
        else break;
        if (this.loading !== loading) break;
        if (shown.sha256 !== this.document.sha256) {
          // What stands there now was counted in another text: it must not be put beside this one.
          this.notice = { words: () => w().changedMeanwhile, label: () => w().reload, act: () => this.reload() };
          this.drawNotice();
          break;
        }
        this.extend(shown);
      }
    } catch (problem) {
      if (problem.name !== "AbortError" && this.loading === loading) {
        this.notice = { words: () => w().textStops, label: () => w().retry, act: () => this.reload() };
        this.drawNotice();
        this.halted = true;
      }
    } finally {
      this.filling = false;
    }
  }

  // The words on the screen stay where they are, whatever comes or goes above them.
  extend(shown) {
    const { body, prose, stretches } = this;
    const stretch = this.stretch(shown);
    const keep = (change) => {
      const before = body.scrollHeight;
      change();
      body.scrollTop += body.scrollHeight - before;
    };
    if (stretch.start >= stretches.at(-1).end) {
      stretches.push(stretch);
      prose.append(stretch.node);
      if (stretches.length > KEPT) keep(() => stretches.shift().node.remove());
    } else {
      stretches.unshift(stretch);
      keep(() => prose.prepend(stretch.node));
      if (stretches.length > KEPT) stretches.pop().node.remove();
    }
  }

  reload() {
    const at = this.offsetShown();
    const place = this.place;
    this.forget();
    this.place = place;
    this.draw();
    return this.show({ at: isMarked(place) ? place.start : at });
  }

  // ---- where it stands --------------------------------------------------------------------

  target() {
    if (this.now >= 0) {
      const hit = this.hit();
      if (hit.length) return hit[0];
    }
    return this.prose.querySelector("mark");
  }

  // Scrolls to the anchor of the text just fetched: what is marked stands at a comfortable height.
  scrollTo(at) {
    this.at = at;
    const target = isMarked(this.place) && at === this.place.start ? this.prose.querySelector("mark") : this.target();
    this.showHit();
    if (target) this.bring(target, false);
    else if (this.anchor?.isConnected && at > 0) {
      const range = document.createRange();
      range.selectNodeContents(this.anchor);
      this.body.scrollTop += range.getBoundingClientRect().top - this.body.getBoundingClientRect().top - 24;
    } else this.body.scrollTop = at > 0 ? this.body.scrollHeight : 0;
  }

  bring(node, smooth) {
    const { body } = this;
    if (smooth) this.at = null;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const rect = node.getClientRects()[0] ?? node.getBoundingClientRect();
    body.scrollTo({
      top: body.scrollTop + rect.top - body.getBoundingClientRect().top - body.clientHeight * 0.28,
      behavior: smooth && !calm ? "smooth" : "instant",
    });
  }

  /** The offset at the top of what is seen: exact at the ends of a stretch, a share of it between. */
  offsetShown() {
    if (!this.stretches.length) return 0;
    const top = this.body.getBoundingClientRect().top + 24;
    for (const { start, end, node } of this.stretches) {
      const rect = node.getBoundingClientRect();
      if (rect.bottom <= top) continue;
      const share = Math.max(0, (top - rect.top) / Math.max(1, rect.height));
      return Math.round(start + share * (end - start));
    }
    return this.stretches.at(-1).end;
  }

  // The page of the line that is read: that of the mark where it stands in the upper part, as after opening.
  pageShown() {
    const body = this.body.getBoundingClientRect();
    const mark = this.prose.querySelector("mark")?.getBoundingClientRect();
    const marked = mark && mark.bottom > body.top && mark.top < body.top + body.height * 0.4;
    if (marked && this.where?.page) return this.where.page;
    const top = body.top + 60;
    const labels = all(this.prose, ".page");
    const passed = labels.findLast((one) => one.getBoundingClientRect().top <= top);
    if (passed) return Number(passed.dataset.page);
    return labels.length ? Math.max(1, Number(labels[0].dataset.page) - 1) : (this.where?.page ?? 1);
  }

  scrolled() {
    if (!this.body?.isConnected) return;
    const mark = this.prose.querySelector("mark");
    const box = this.body.getBoundingClientRect();
    const rect = mark?.getBoundingClientRect();
    const seen = rect && rect.bottom > box.top && rect.top < box.bottom;
    this.back.hidden = !isMarked(this.place) || Boolean(this.notice) || seen;
    if (this.foot && document.activeElement !== this.foot.slider) {
      const offset = this.offsetShown();
      const { characters } = this.document;
      const last = this.stretches.at(-1);
      const ended =
        last.end >= characters && this.body.scrollTop + this.body.clientHeight >= this.body.scrollHeight - 2;
      this.tell(ended ? characters : offset, this.document.pages ? this.pageShown() : null);
    }
    if (!this.halted) this.fill();
  }

  // The line under the text: how far one is, and a slider to be elsewhere.
  tell(offset, page) {
    const { characters, pages } = this.document;
    const share = number(offset / Math.max(1, characters), { style: "percent" });
    const words = page ? w().pageOf(number(page), number(pages)) : share;
    const { slider, output } = this.foot;
    slider.value = String(offset);
    slider.setAttribute("aria-valuetext", words);
    output.textContent = words;
  }

  drawFoot() {
    const { characters, pages } = this.document;
    if (characters <= STRETCH * 2 && !(pages > 1)) {
      this.foot = null;
      return null;
    }
    const slider = el("input", {
      type: "range",
      min: 0,
      max: characters,
      step: Math.max(1, Math.round(characters / 500)),
      "aria-label": w().placeInDocument,
      "data-keep": "slider",
    });
    const output = el("span", { class: "side-at" });
    this.foot = { slider, output };
    slider.addEventListener("input", () => this.tell(Number(slider.value), null));
    slider.addEventListener("change", () => {
      this.now = -1;
      this.show({ at: Math.min(Number(slider.value), characters) });
    });
    const ticks = this.marks().map(({ start }) => {
      const tick = el("i");
      tick.style.insetInlineStart = `${((start / characters) * 100).toFixed(2)}%`;
      return tick;
    });
    return el(
      "div",
      { class: "side-foot" },
      el("div", { class: "rail" }, slider, el("span", { class: "ticks", "aria-hidden": "true" }, ticks)),
      output,
    );
  }

  // ---- find -------------------------------------------------------------------------------

  async search() {
    const words = this.words.trim();
    this.searching?.abort();
    this.now = -1;
    this.found = null;
    if (!words) {
      for (const hit of this.prose.querySelectorAll(".hit")) hit.classList.remove("hit", "now");
      this.drawCount();
      return;
    }
    const searching = new AbortController();
    this.searching = searching;
    try {
      this.found = await api.find(this.place.id, words, api.limit("max_places_found", 1000), searching.signal);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      this.problem = problem;
      this.draw();
      return;
    }
    const from = this.offsetShown();
    const next = this.found.data.findIndex((one) => one.start >= from);
    await this.toFound(next < 0 ? 0 : next, true);
  }

  /** Shows the n-th of the places found, round and round. `anew`: the text is not marked for them yet. */
  async toFound(n, anew = false) {
    const total = this.found?.data.length ?? 0;
    this.now = total ? (n + total) % total : -1;
    this.drawCount();
    if (!total) {
      for (const hit of this.prose.querySelectorAll(".hit")) hit.classList.remove("hit", "now");
      return;
    }
    if (!anew && this.showHit()) this.bring(this.hit()[0], true);
    else await this.show({ at: this.found.data[this.now].start });
  }

  hit() {
    const { start, end } = this.found?.data[this.now] ?? { start: 0, end: 0 };
    return all(this.prose, ".hit").filter(
      (one) => Number(one.dataset.start) >= start && Number(one.dataset.start) < end,
    );
  }

  showHit() {
    for (const one of this.prose.querySelectorAll(".hit.now")) one.classList.remove("now");
    const hit = this.hit();
    for (const one of hit) one.classList.add("now");
    return hit.length > 0;
  }

  lookFor(words) {
    this.finding = true;
    this.words = words;
    this.notice = null;
    this.draw();
    this.panel.querySelector(".find input").focus();
    this.search();
  }

  toggleFind(open = !this.finding) {
    const was = this.isPrinted;
    this.finding = open;
    if (!open && this.words) {
      this.words = "";
      this.search();
    }
    // Words are found in the text; afterwards the page is there again.
    if (!was && this.isPrinted) this.showPage(this.pageOfPlace());
    this.draw();
    if (was && !this.isPrinted) this.show({ at: this.place.start ?? 0 });
    this.panel.querySelector(open ? ".find input" : "[data-keep=find]")?.focus();
  }

  drawCount() {
    const place = this.panel.querySelector(".find-count");
    if (!place) return;
    const total = this.found?.data.length ?? 0;
    place.textContent = !this.found
      ? ""
      : total
        ? w().foundAt(this.now + 1, `${number(total)}${this.found.has_more ? "+" : ""}`)
        : w().foundNone;
    for (const button of this.panel.querySelectorAll(".find .round")) button.disabled = total < 2;
  }

  drawFind() {
    if (!this.finding) return null;
    const input = el("input", {
      type: "search",
      "aria-label": w().findIn,
      placeholder: w().findIn,
      maxlength: 200,
      "data-keep": "words",
    });
    input.value = this.words;
    input.addEventListener("input", () => {
      this.words = input.value;
      this.typed();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      if (this.found) this.toFound(this.now + (event.shiftKey ? -1 : 1));
    });
    return el(
      "div",
      {
        class: "find",
        role: "search",
        on: {
          keydown: (event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            this.toggleFind(false);
          },
        },
      },
      input,
      el("span", { class: "find-count", role: "status" }),
      roundButton("‹", w().foundPrevious, () => this.toFound(this.now - 1), { "data-keep": "found-1" }),
      roundButton("›", w().foundNext, () => this.toFound(this.now + 1), { "data-keep": "found1" }),
    );
  }

  // ---- drawing ----------------------------------------------------------------------------

  head() {
    const { place, document: known } = this;
    const title = known?.title ?? place.title ?? place.id;
    const lang = langOf(known?.language ?? place.language);
    const shown = {
      title,
      page: this.where?.page ?? place.page,
      section: this.where?.section ?? place.section ?? [],
      quote: this.quote,
      url: new URL(placeUrl(place), location.origin).href,
    };
    const facts = [
      lang && w().language[lang],
      known?.pages > 0 && w().pages(known.pages),
      isMarked(place) && whereabouts(shown),
    ];
    return sideHead(
      { title, lang, close: this.doors.close },
      el("p", { class: "side-where" }, el("bdi", null, facts.filter(Boolean).join(" · "))),
      this.unreadNode(),
      !this.problem && this.tools(shown, title),
      !this.problem && known && this.outlining && this.outlineNode(),
      !this.problem && known && this.drawFind(),
    );
  }

  // The headings of the document, each the way to its place; fetched when they are first wanted.
  outlineNode() {
    const { id } = this.place;
    if (!this.outline) return el("div", { class: "outline" }, ghost(3, w().loading));
    return el(
      "nav",
      { class: "outline", "aria-label": w().outline },
      this.outline.length
        ? el(
            "ol",
            null,
            this.outline.map(({ text, level, start, end, page }) =>
              el(
                "li",
                { class: `level-${Math.min(level, 4)}` },
                button(
                  [el("bdi", null, text), page && el("span", { class: "count" }, w().page(page))],
                  () => this.doors.go({ id, start, end, title: this.document.title }, {}),
                  "quiet",
                  { "data-keep": `heading ${start}` },
                ),
              ),
            ),
          )
        : el("p", null, w().noOutline),
      this.leftOutNode("rest", this.leftOut.filter(({ text }) => text), w().leftOut),
    );
  }

  // The pages that could not be read, and why.
  unreadNode() {
    if (this.problem || !this.document) return null;
    const some = this.leftOut.filter(({ text, pages }) => !text && pages.length);
    const pages = some.flatMap((one) => one.pages);
    return this.leftOutNode("unread", some, () => `${w().unreadPages(pages.length)} (${w().page(ranges(pages))})`);
  }

  // `kind` tells it apart when the panel is drawn anew; what was opened stays open.
  leftOutNode(kind, some, words) {
    if (!some.length) return null;
    const node = el(
      "details",
      { class: `left-out ${kind}` },
      el("summary", { "data-keep": `left out ${kind}` }, words(some.length)),
      el(
        "ul",
        null,
        some.slice(0, LEFT_OUT).map(({ text, reason, pages }) =>
          el(
            "li",
            null,
            el("span", null, [pages.length && w().page(ranges(pages)), reason].filter(Boolean).join(" · ")),
            text && el("q", null, el("bdi", null, text.length > LEFT_OUT_CHARS ? `${text.slice(0, LEFT_OUT_CHARS).trimEnd()} …` : text)),
          ),
        ),
        some.length > LEFT_OUT && el("li", null, `… ${number(some.length - LEFT_OUT)}`),
      ),
    );
    node.open = this.unfolded.has(kind);
    node.addEventListener("toggle", () => (node.open ? this.unfolded.add(kind) : this.unfolded.delete(kind)));
    return node;
  }

  // A page that was not read is told of before somebody misses it; other formats have no pages.
  lookForUnread() {
    if (this.document.pages && !this.outline) this.lookUp();
  }

  // The words on the screen stay where they are, whatever is told of above them.
  markUnread() {
    const top = this.body.getBoundingClientRect().top;
    const seen = this.prose.querySelector("mark") ?? all(this.prose, ".page").find((one) => one.getBoundingClientRect().top >= top);
    const before = seen?.getBoundingClientRect().top;
    this.label(this.prose);
    if (seen && this.body.scrollTop > 0) this.body.scrollTop += seen.getBoundingClientRect().top - before;
  }

  // The headings of the document and what is not in its text.
  async lookUp() {
    const { place } = this;
    try {
      const { outline, left_out: leftOut } = await api.detail(place.id);
      if (this.place?.id !== place.id) return;
      this.outline = outline;
      this.leftOut = leftOut;
    } catch {
      if (this.place?.id !== place.id) return;
      this.outline = []; // the text is there
    }
    if (this.outlining || this.leftOut.some(({ text }) => !text)) this.draw();
    if (this.unreadPages().length) this.markUnread();
  }

  async toggleOutline() {
    this.outlining = !this.outlining;
    this.draw();
    if (this.outlining && !this.outline) await this.lookUp();
  }

  tools(shown, title) {
    const { place, document: known } = this;
    return el(
      "div",
      { class: "side-tools" },
      this.quote && copyButton(w().copyCitation, () => citationText(shown), w().copied),
      copyButton(w().copyLink, () => shown.url, w().copied, { name: "link" }),
      known &&
        button([icon("ask"), el("span", null, w().askThis)], () => this.doors.askThis({ id: place.id, title }), "quiet view", {
          title: w().askThis,
          "data-keep": "ask",
        }),
      known?.printed && viewButton(!this.isPrinted, () => this.changeView()),
      this.download(),
      known &&
        button([icon("outline"), el("span", null, w().outline)], () => this.toggleOutline(), "quiet", {
          "aria-expanded": String(this.outlining),
          "data-keep": "outline",
        }),
      roundButton("find", w().findIn, () => this.toggleFind(), {
        "aria-expanded": String(this.finding),
        "data-keep": "find",
      }),
      this.steps(),
    );
  }

  draw() {
    if (!this.place) return;
    const scroll = this.body?.scrollTop;
    const head = this.head();
    if (this.problem) {
      const gone = this.problem.status === 404;
      const way = gone ? button(w().toLibrary, this.doors.library) : button(w().retry, () => this.open(this.place));
      refill(this.panel, head, el("div", { class: "side-body" }, problemNode(this.problem, way)));
      return;
    }
    if (!this.document && !this.isPrinted) {
      refill(this.panel, head, el("div", { class: "side-body", "aria-busy": "true" }, ghost(9, w().opening)));
      return;
    }
    this.back = button(w().backToMark, () => this.toMark(), "firm back-to-mark", { hidden: true });
    if (this.isPrinted) {
      const { scrollTop, scrollLeft } = this.sheet.node;
      const foot = this.document && this.sheet.drawFoot();
      refill(this.panel, ...[head, el("div", { class: "side-text" }, this.sheet.node, this.back), foot].filter(Boolean));
      Object.assign(this.sheet.node, { scrollTop, scrollLeft });
      this.drawBack();
      return;
    }
    this.body.setAttribute("aria-label", w().textOf(this.document.title));
    this.label(this.prose);
    const text = el("div", { class: "side-text" }, this.body, this.back);
    refill(this.panel, ...[head, text, this.drawFoot()].filter(Boolean));
    this.body.scrollTop = scroll ?? 0;
    this.drawNotice();
    this.drawCount();
    this.scrolled();
  }

  drawBack() {
    if (this.isPrinted) this.back.hidden = !isMarked(this.place) || this.sheet.page === this.pageOfPlace();
  }

  drawNotice() {
    const place = this.body.querySelector(".notices");
    if (!this.notice) {
      place.replaceChildren();
      return;
    }
    const { words, label, act } = this.notice;
    place.replaceChildren(
      el(
        "div",
        { class: "changed", role: "status" },
        el("p", null, words()),
        act && button(label(), act, "quiet edged"),
      ),
    );
  }

  async toMark() {
    if (this.isPrinted) {
      this.showPage(this.pageOfPlace());
      this.drawBack();
      this.sheet.node.focus();
      return;
    }
    this.now = -1;
    this.showHit();
    if (this.prose.querySelector("mark")) this.bring(this.prose.querySelector("mark"), true);
    else await this.show({ at: this.place.start });
    this.prose.querySelector("mark")?.focus({ preventScroll: true });
  }

  // A PDF is shown at the page that is looked at, or a picture, in a tab of its own; all else is handed over. A link cannot carry
  // the access key, so with one the file is fetched first.
  download() {
    const { id } = this.place;
    const shown = this.document?.printed ?? false;
    const page = () => (shown && this.document.pages ? `#page=${(this.isPrinted && this.sheet.page) || this.pageShown() || 1}` : "");
    const opened = async (event) => {
      event.currentTarget.hash = page();
      if (!api.accessKey() || event.button > 1) return;
      event.preventDefault();
      try {
        const url = URL.createObjectURL(await api.original(id));
        const how = shown ? { target: "_blank" } : { download: id.split("/").at(-1) };
        el("a", { href: url + page(), ...how }).click();
        setTimeout(() => URL.revokeObjectURL(url), 60_000);
      } catch (problem) {
        this.problem = problem;
        this.draw();
      }
    };
    const how = shown ? { target: "_blank", rel: "noopener" } : { download: true };
    return el(
      "a",
      { class: "quiet", href: api.originalUrl(id, shown), ...how, "data-keep": "original", on: { click: opened, auxclick: opened } },
      icon("file"),
      el("span", null, w().original),
    );
  }
}
