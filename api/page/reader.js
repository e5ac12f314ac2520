// The reader: the document's own text, scrolled to the quoted words.

import * as api from "./api.js";
import { whereabouts } from "./citation.js";
import { copyButton, el, icon, langOf, refill } from "./dom.js";
import { problemNode } from "./problem.js";
import { w } from "./words.js";

// Code points on each side; most documents show whole with it.
const CONTEXT = 20_000;
const LEAST = 300;
const MOST = 1_000_000; // what the service gives at most

const points = (text) => Array.from(text).length;

/** The address of a place: `/d/<document>#char=start,end`. */
export const placeUrl = ({ id, start, end }) =>
  `/d/${api.quoteId(id)}${Number.isInteger(start) ? `#char=${start},${end}` : ""}`;

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
  const span = /^#char=(\d+),(\d+)$/.exec(address.hash);
  return { id, start: span ? Number(span[1]) : null, end: span ? Number(span[2]) : null };
}

function citationText({ quote, title, page, section, url }) {
  const where = [
    w().quoted(quote),
    [title, whereabouts({ page, section, title })].filter(Boolean).join(w().separator),
  ];
  return `${where.join(" — ")}. ${url}`;
}

/** Opens places in the side panel. `doors`: close(), and go(place, options) for the citations of one answer. */
export class Reader {
  constructor(panel, doors) {
    this.panel = panel;
    this.doors = doors;
    this.place = null;
    this.series = null;
    this.text = null;
    this.problem = null;
    this.loading = null;
    this.context = CONTEXT;
  }

  async open(place, series = null) {
    this.loading?.abort();
    this.place = place;
    this.series = series;
    this.text = null;
    this.problem = null;
    this.context = CONTEXT;
    await this.load();
  }

  async load({ keep = false } = {}) {
    const loading = new AbortController();
    this.loading = loading;
    if (!keep) this.draw();
    const { id, start, end } = this.place;
    const marked = Number.isInteger(start);
    try {
      let text;
      for (;;) {
        try {
          text = await api.text(id, marked ? start : 0, marked ? end : 1, this.context, loading.signal);
          break;
        } catch (problem) {
          // The service may allow less around a place than this page would like to show.
          if (problem.status !== 422 || this.context <= LEAST) throw problem;
          this.context = Math.max(LEAST, Math.floor(this.context / 4));
        }
      }
      if (this.loading !== loading) return;
      this.text = text;
      this.problem = null;
    } catch (problem) {
      if (problem.name === "AbortError" || this.loading !== loading) return;
      this.problem = problem;
    }
    this.draw();
  }

  close() {
    this.loading?.abort();
    this.loading = null;
    this.place = null;
  }

  draw() {
    if (!this.place) return;
    const { place, text } = this;
    const title = text?.title ?? place.title ?? place.id;
    const shown = {
      title,
      page: text?.page ?? text?.page_number ?? place.page,
      section: text?.section_path?.length ? text.section_path : (place.section ?? []),
      quote: text?.quote ?? place.quote,
      url: new URL(placeUrl(place), location.origin).href,
    };
    const marked = Number.isInteger(place.start);
    const lang = langOf(text?.lang ?? text?.language ?? place.language);
    const original = el(
      "a",
      {
        class: "quiet",
        href: api.originalUrl(place.id),
        download: true,
        on: { click: (event) => this.fetchOriginal(event) },
      },
      icon("file"),
      el("span", null, w().original),
    );
    const head = el(
      "header",
      { class: "side-head" },
      el(
        "div",
        { class: "side-line" },
        el("h2", { id: "side-title", "data-keep": "title", tabindex: "-1", lang }, title),
        el(
          "button",
          {
            type: "button",
            class: "quiet round close",
            "data-keep": "close",
            "aria-label": w().close,
            title: w().close,
            on: { click: this.doors.close },
          },
          icon("close"),
        ),
      ),
      el(
        "p",
        { class: "side-where" },
        [lang && w().language[lang], marked && whereabouts(shown)].filter(Boolean).join(" · "),
      ),
      !this.problem &&
        el(
          "div",
          { class: "side-tools" },
          marked && shown.quote && copyButton(w().copyCitation, () => citationText(shown), w().copied),
          copyButton(w().copyLink, () => shown.url, w().copied, { name: "link" }),
          original,
          this.steps(),
        ),
    );
    if (this.problem) {
      const retry = el(
        "button",
        { type: "button", class: "firm", on: { click: () => this.load() } },
        w().retry,
      );
      refill(this.panel, head, el("div", { class: "side-body" }, problemNode(this.problem, retry)));
      return;
    }
    if (!text) {
      refill(
        this.panel,
        head,
        el(
          "div",
          { class: "side-body", "aria-busy": "true" },
          el("p", { class: "sr" }, w().opening),
          el("div", { class: "ghost", "aria-hidden": "true" }, ...Array.from({ length: 9 }, () => el("i"))),
        ),
      );
      return;
    }
    const mark = marked ? el("mark", { tabindex: "-1" }, text.quote) : null;
    const before = text.before ?? "";
    const after = text.after ?? "";
    const first = text.start ?? place.start ?? 0;
    const moreBefore = marked && this.context < MOST && first > points(before);
    const moreAfter = this.context < MOST && points(after) >= this.context;
    const prose = el("div", { class: "prose words", lang }, before, mark ?? text.quote ?? "", after);
    const more = (label) =>
      el(
        "button",
        { type: "button", class: "quiet edged more-text", on: { click: () => this.widen() } },
        label,
      );
    const body = el(
      "div",
      {
        class: "side-body",
        "data-keep": "text",
        tabindex: "0",
        role: "region",
        "aria-label": w().textOf(title),
      },
      moreBefore && more(w().moreBefore),
      prose,
      moreAfter && more(w().moreAfter),
    );
    const gauge = el("div", { class: "gauge", "aria-hidden": "true" }, el("i"));
    const back = el(
      "button",
      {
        type: "button",
        class: "firm back-to-mark",
        hidden: true,
        on: { click: () => this.toMark(body, mark, true) },
      },
      w().backToMark,
    );
    refill(this.panel, head, el("div", { class: "side-text" }, body, mark && gauge, mark && back));
    if (mark) {
      this.toMark(body, mark, false);
      const share = (mark.offsetTop + mark.offsetHeight / 2) / Math.max(1, body.scrollHeight);
      gauge.firstChild.style.top = `${(share * 100).toFixed(2)}%`;
      gauge.hidden = body.scrollHeight <= body.clientHeight;
      new IntersectionObserver(([entry]) => (back.hidden = entry.isIntersecting), { root: body }).observe(
        mark,
      );
    }
  }

  // "‹ 2 of 3 ›": the citations of the answer the reader was opened from.
  steps() {
    const { series } = this;
    if (!series || series.places.length < 2) return null;
    const step = (by, label, sign) =>
      el(
        "button",
        {
          type: "button",
          class: "quiet round",
          "aria-label": label,
          title: label,
          disabled: !series.places[series.at + by],
          "data-step": by,
          "data-keep": `step${by}`,
          on: {
            click: () => {
              const at = series.at + by;
              this.doors.go(series.places[at], {
                trigger: series.triggers[at],
                series: { ...series, at },
                step: by,
              });
            },
          },
        },
        sign,
      );
    return el(
      "span",
      { class: "steps" },
      step(-1, w().previous, "‹"),
      el("span", { "aria-hidden": "true" }, `${series.at + 1} / ${series.places.length}`),
      el("span", { class: "sr" }, w().citationOf(series.at + 1, series.places.length)),
      step(1, w().next, "›"),
    );
  }

  toMark(body, mark, smooth) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    body.scrollTo({
      top: mark.offsetTop - body.clientHeight * 0.28,
      behavior: smooth && !calm ? "smooth" : "instant",
    });
    if (smooth) mark.focus({ preventScroll: true });
  }

  async widen() {
    this.context = Math.min(MOST, this.context * 5);
    await this.load({ keep: true });
  }

  // A link cannot carry the access key, so with one the file is fetched and handed over.
  async fetchOriginal(event) {
    if (!api.accessKey()) return;
    event.preventDefault();
    try {
      const url = URL.createObjectURL(await api.original(this.place.id));
      const link = el("a", { href: url, download: this.place.id.split("/").at(-1) });
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch (problem) {
      this.problem = problem;
      this.draw();
    }
  }
}
