// A citation: its place in a document, its numbered button, and the preview of the words around it.

import * as api from "./api.js";
import { $, button, el, langOf } from "./dom.js";
import { number, w } from "./words.js";

export { citationsOf, place } from "./cited.js";

const HOVER_MS = 250;
const NEAR_MS = 60; // a pointer that stays so long on a citation may press it
const AROUND = 220; // code points of context on each side of the quote in a preview

/** "p. 3 · Chapter › Section · recognised text (91 %)", or an empty string. */
export function whereabouts({ page, section, title, ocr = null }) {
  const path = (section ?? []).filter((part) => part && part !== title).join(" › ");
  const read = ocr === null ? "" : w().recognised(number(ocr, { style: "percent" }));
  return [page ? w().page(page) : "", path, read].filter(Boolean).join(" · ");
}

/**
 * `onOpen(citation, button)`, and `onNear(place)` when it may be opened soon; `full` also names the document and the place in it.
 */
export function citationButton(citation, full, onOpen, onNear) {
  const spot = citation.place;
  // What only explains a quote beside it, such as the names of its columns, says so
  const where = [w().roles[citation.role], whereabouts(spot)].filter(Boolean).join(" · ");
  const node = button(
    [
      el("span", { class: "ring" }, String(citation.number)),
      full &&
        el(
          "span",
          { class: "cite-words" },
          el("span", { class: "cite-title" }, el("bdi", null, spot.title)),
          where && el("span", { class: "cite-where" }, el("bdi", null, where)),
        ),
    ],
    () => {
      hidePreview();
      onOpen(citation, node);
    },
    full ? "cite" : "cite small",
    {
      "data-citation": citation.number,
      "aria-label": w().openCitation(citation.number, [spot.title, where].filter(Boolean).join(", ")),
    },
  );
  previewOn(node, spot);
  let near = 0;
  const soon = (ms) => {
    clearTimeout(near);
    near = setTimeout(() => node.isConnected && onNear(spot), ms);
  };
  node.addEventListener("pointerenter", ({ pointerType }) => soon(pointerType === "mouse" ? NEAR_MS : 0));
  node.addEventListener("pointerleave", () => clearTimeout(near));
  node.addEventListener("focus", () => soon(NEAR_MS));
  return node;
}

// preview

// One card for the whole page, put beside the button that the pointer or the focus is on.
const card = el("div", { class: "preview", id: "preview", role: "tooltip", hidden: true });
$("main").append(card);
const known = new Map(); // url → text around the place
let shownFor = null;
let tabbing = false; // whether the focus is where the reader took it: what closes gives it back, and opens nothing there
let timer = 0;

export function hidePreview() {
  clearTimeout(timer);
  shownFor?.removeAttribute("aria-describedby");
  shownFor = null;
  card.hidden = true;
}

function previewOn(node, spot) {
  if (!Number.isInteger(spot.start)) return;
  const soon = (ms, action) => {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  };
  node.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse") soon(HOVER_MS, () => showPreview(node, spot));
  });
  // The pointer may go over to the card: there is time for that, and there the card stays.
  node.addEventListener("pointerleave", () => soon(HOVER_MS, hidePreview));
  node.addEventListener("focus", () => {
    if (tabbing) showPreview(node, spot);
  });
  node.addEventListener("blur", hidePreview);
}

card.addEventListener("pointerenter", () => clearTimeout(timer));
card.addEventListener("pointerleave", hidePreview);
addEventListener("resize", hidePreview);
addEventListener("pointerdown", (event) => {
  tabbing = false;
  if (!card.contains(/** @type {Node} */ (event.target))) hidePreview();
});
document.addEventListener("scroll", hidePreview, { capture: true, passive: true });
// Escape takes the preview away and nothing else; one whose words are still on their way does not come.
addEventListener(
  "keydown",
  (event) => {
    tabbing = event.key === "Tab";
    if (event.key !== "Escape") return;
    if (!card.hidden) event.stopPropagation();
    hidePreview();
  },
  { capture: true },
);

async function showPreview(node, spot) {
  hidePreview();
  shownFor = node;
  const key = `${spot.id} ${spot.start} ${spot.end}`;
  if (!known.has(key)) {
    try {
      known.set(key, await api.text(spot.id, spot.start, spot.end, AROUND));
    } catch {
      // The document may be gone; opening it says so. A preview says nothing.
    }
  }
  const around = known.get(key);
  if (!around || shownFor !== node || !node.isConnected) return;
  // Another build may hold other words at this place: then they are no preview of this quote.
  if (spot.quote !== null && around.quote !== spot.quote) return;
  card.replaceChildren(
    el(
      "p",
      { class: "preview-head" },
      el("b", null, el("bdi", null, around.title)),
      el("bdi", null, whereabouts({ page: around.page, section: around.section_path, title: around.title })),
    ),
    el(
      "p",
      { class: "words", lang: langOf(around.language) },
      fromWord(around.before),
      el("mark", null, around.quote),
      toWord(around.after),
    ),
  );
  card.hidden = false;
  const at = node.getBoundingClientRect();
  const size = card.getBoundingClientRect();
  const gap = 6;
  const below = at.bottom + gap + size.height <= innerHeight;
  card.style.left = `${Math.max(gap, Math.min(at.left, innerWidth - size.width - gap))}px`;
  card.style.top = `${Math.max(gap, below ? at.bottom + gap : at.top - size.height - gap)}px`;
  node.setAttribute("aria-describedby", "preview");
}

// The context is cut anywhere: the preview keeps to the quote's paragraph, and a broken word becomes "…".
const whole = (text) => Array.from(text).length < AROUND;
const fromWord = (text) => {
  const from = text.lastIndexOf("\n\n");
  return from >= 0 || whole(text) ? text.slice(from + 1).trimStart() : text.replace(/^\S*\s/, "… ");
};
const toWord = (text) => {
  const to = text.indexOf("\n\n");
  return to >= 0 || whole(text) ? text.slice(0, to < 0 ? undefined : to) : text.replace(/\s\S*$/, " …");
};
