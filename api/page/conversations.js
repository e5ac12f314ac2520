// The panel that lists the conversations (see talks.js): each can be opened, named, pinned, printed, exported as Markdown, deleted.

import { citationsOf, whereabouts } from "./citation.js";
import { announce, button, el, icon, refill } from "./dom.js";
import { placeUrl } from "./address.js";
import { nameForm, roundButton, settled, sideHead } from "./side.js";
import { whole } from "./cited.js";
import { titleOf } from "./talks.js";
import { language, w } from "./words.js";

const SEARCH_FROM = 4; // conversations; fewer are seen at one look
const TYPING_MS = 200;
const LONGEST_NAME = 200;

/** @type {(ms: number, options?: Intl.DateTimeFormatOptions) => string} */
const dateOf = (ms, options = { dateStyle: "medium", timeStyle: "short" }) =>
  new Intl.DateTimeFormat(language(), options).format(ms);

// Markdown

// Every sign that Markdown would read as its own is quoted, so that a quote stays letter for letter.
const escaped = (text) =>
  text
    .replace(/[\\`*_[\]<>#|~&]/g, "\\$&")
    .replace(/^(\s*)([-+=])/gm, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/gm, "$1\\$2");
const oneLine = (text) => escaped(text.replace(/\s+/g, " ").trim());
const asQuote = (text) => text.split("\n").map((line) => `> ${line}`.trimEnd()).join("\n");

/** The conversation as Markdown: each question, its answer, and its quotes with title, page and link. */
export function markdown(conversation, turns, origin) {
  const out = [`# ${oneLine(titleOf(conversation))}`, `Fuente · ${dateOf(conversation.started)}`];
  for (const turn of turns) {
    out.push(`## ${oneLine(turn.question)}`);
    const body = whole(turn.body);
    if (!body) {
      out.push(`*${w().unanswered}*`);
      continue;
    }
    if (body.read_as) out.push(`*${oneLine(w().readAs(body.read_as))}*`);
    out.push(escaped(body.answer || body.abstention?.message || w().declined));
    for (const { number, text, place } of citationsOf(body)) {
      const where = [place.title, whereabouts(place)].filter(Boolean).map(oneLine).join(" · ");
      const url = new URL(placeUrl(place), origin).href;
      out.push(asQuote(`${escaped(text)}\n\n\\[${number}\\] ${where} – <${url}>`));
    }
  }
  return `${out.join("\n\n")}\n`;
}

/** Hands a file with this text to the reader. */
function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/markdown;charset=utf-8" }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const fileName = (conversation) => {
  const words = titleOf(conversation)
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return `${(words ?? ["fuente"]).slice(0, 8).join("-").slice(0, 60)}.md`;
};

// panel

/** `doors`: close(), open(id), begin(), print(id), and removed(ids) after these were deleted. */
export class ConversationList {
  constructor(panel, store, doors) {
    this.panel = panel;
    this.store = store;
    this.doors = doors;
    this.shown = false;
    this.current = null; // id of the conversation in the thread
    this.gone = []; // what "undo" brings back
    this.renaming = null; // id of the one whose name is being written
    this.words = ""; // looked for
    this.found = null; // ids of those that hold the words; null = nothing is looked for
    this.typed = settled(TYPING_MS, () => this.search());
  }

  /** As it is when it is opened. */
  reset() {
    Object.assign(this, { gone: [], renaming: null, words: "", found: null });
  }

  async search() {
    const { words } = this;
    const found = words ? await this.store.search(words).catch(() => null) : null;
    if (words !== this.words) return;
    this.found = found;
    this.draw();
  }

  draw() {
    if (!this.shown) return;
    const every = this.store.list();
    const list = every.filter((one) => !this.found || this.found.has(one.id));
    const head = sideHead(
      { title: w().conversations, close: this.doors.close },
      el("p", { class: "side-where" }, w().conversationsHelp),
      el(
        "div",
        { class: "side-tools talk-tools" },
        button([icon("add"), w().newTalk], this.doors.begin, "quiet", { "data-keep": "begin" }),
        every.length > 0 &&
          button([icon("trash"), w().removeAll], () => this.remove(every.map((one) => one.id)), "quiet", {
            "data-keep": "remove-all",
          }),
      ),
    );
    const caret = /** @type {any} */ (this.panel.contains(document.activeElement) && document.activeElement)?.selectionStart;
    refill(
      this.panel,
      head,
      el(
        "div",
        { class: "side-body" },
        this.store.trouble && el("p", { class: "kept-not" }, w().trouble[this.store.trouble]),
        this.gone.length > 0 &&
          el(
            "p",
            { class: "undo" },
            el("span", null, w().conversationsRemoved(this.gone.length)),
            button(w().undo, () => this.restore(), "quiet edged", { "data-keep": "undo" }),
          ),
        (every.length >= SEARCH_FROM || this.words) && el("div", { class: "filters talk-search" }, this.field()),
        list.length
          ? el("ul", { class: "documents talks" }, ...list.map((one) => this.item(one)))
          : every.length
            ? el("p", { class: "nothing" }, w().noTalkFound)
            : el("p", { class: "nothing" }, el("b", null, w().noConversations), w().noConversationsHelp),
      ),
    );
    const now = /** @type {any} */ (document.activeElement);
    if (now?.matches(".talk-search input") && Number.isInteger(caret)) now.setSelectionRange(caret, caret);
  }

  field() {
    const field = el("input", {
      type: "search",
      "aria-label": w().searchTalks,
      placeholder: w().searchTalks,
      "data-keep": "search",
      on: {
        input: () => {
          this.words = field.value.trim();
          this.typed();
        },
      },
    });
    field.value = this.words;
    return field;
  }

  item(conversation) {
    const { id, pinned } = conversation;
    const title = titleOf(conversation);
    if (this.renaming === id) return el("li", { class: "document" }, this.nameForm(conversation));
    const small = (name, symbol, label, onClick, more = {}) =>
      roundButton(symbol, label, onClick, { "aria-label": `${label}: ${title}`, "data-keep": `${name} ${id}`, ...more });
    return el(
      "li",
      { class: "document" },
      button(
        [
          el("b", null, title),
          el(
            "span",
            { class: "facts" },
            [pinned && w().pinned, w().questions(conversation.count), dateOf(conversation.updated)].filter(Boolean).join(" · "),
          ),
        ],
        () => this.doors.open(id),
        "document-open",
        { "data-keep": `open ${id}`, "aria-current": id === this.current ? "true" : null },
      ),
      el(
        "span",
        { class: "talk-actions" },
        small("pin", "pin", w().pin, () => this.pin(conversation), { "aria-pressed": String(Boolean(pinned)) }),
        small("name", "pencil", w().rename, () => this.beginName(id)),
        small("print", "print", w().print, () => this.doors.print(id)),
        small("file", "file", w().exportMarkdown, () => this.export(conversation)),
        small("trash", "trash", w().removeOne, () => this.remove([id])),
      ),
    );
  }

  beginName(id) {
    this.renaming = id;
    this.draw();
    const field = /** @type {any} */ (this.panel.querySelector("[data-keep=naming]"));
    field.focus();
    field.select();
  }

  nameForm(conversation) {
    const { id, first } = conversation;
    return nameForm({
      label: w().nameOfTalk,
      value: titleOf(conversation),
      words: w().rename,
      onName: ({ value }) => this.endName(id, { title: value.trim() === first ? "" : value.trim() }),
      maxlength: LONGEST_NAME,
      placeholder: first,
      "data-keep": "naming",
      on: {
        keydown: (event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          this.endName(id);
        },
      },
    });
  }

  async endName(id, changes = null) {
    this.renaming = null;
    if (changes) await this.store.change(id, changes);
    this.draw();
    this.focusOn(`name ${id}`);
  }

  async pin({ id, pinned }) {
    await this.store.change(id, { pinned: !pinned });
    this.draw();
    this.focusOn(`pin ${id}`);
  }

  focusOn(keep) {
    /** @type {any} */ (this.panel.querySelector(`[data-keep="${CSS.escape(keep)}"]`))?.focus();
  }

  async export(conversation) {
    save(fileName(conversation), markdown(conversation, await this.store.turns(conversation.id), location.origin));
    announce(w().exported);
  }

  async remove(ids) {
    this.gone = await this.store.remove(ids);
    this.doors.removed(ids);
    this.draw();
    this.focusOn("undo");
    announce(w().conversationsRemoved(this.gone.length));
  }

  async restore() {
    const back = this.gone;
    this.gone = [];
    await this.store.restore(back);
    this.draw();
    this.focusOn(`open ${back[0].talk.id}`);
  }
}
