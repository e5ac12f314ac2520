// Conversations are kept in the browser, one entry of its storage each, and nowhere else.
// The panel lists them; each can be opened, exported as Markdown, or deleted.

import { kept } from "./collection.js";
import { citationsOf, whereabouts } from "./citation.js";
import { announce, button, el, icon, refill } from "./dom.js";
import { placeUrl } from "./address.js";
import { roundButton, sideHead } from "./side.js";
import { language, w } from "./words.js";

const PREFIX = kept("conversation.");
const OPEN = kept("open"); // of this tab: the conversation that a reload shows again
const VERSION = 1;

// A conversation is {id, started, updated, turns}; a turn is what Turn.kept() gives. Times are in ms.

const read = (text) => {
  try {
    const one = JSON.parse(text);
    return one?.version === VERSION && Array.isArray(one.turns) && one.turns.length ? one : null;
  } catch {
    return null; // written by something else; it is left where it is
  }
};

/** The kept conversations. Where the browser keeps nothing they last as long as the page. */
export class Conversations {
  constructor() {
    this.trouble = null; // null | "blocked" | "full"
    this.memory = new Map(); // what could not be stored
    try {
      // With storage switched off even naming it throws.
      this.storage = window.localStorage;
      this.storage.getItem(PREFIX);
    } catch {
      this.storage = null;
      this.trouble = "blocked";
    }
  }

  get(id) {
    return this.memory.get(id) ?? read(this.storage?.getItem(PREFIX + id) ?? null);
  }

  /** All of them, the latest first. */
  list() {
    const found = new Map(this.memory);
    for (const key of Object.keys(this.storage ?? {})) {
      if (!key.startsWith(PREFIX) || found.has(key.slice(PREFIX.length))) continue;
      const one = read(this.storage.getItem(key));
      if (one) found.set(one.id, one);
    }
    return [...found.values()].sort((a, b) => b.updated - a.updated);
  }

  /** Keeps a conversation; `trouble` says afterwards whether that held. */
  keep(conversation) {
    const text = JSON.stringify({ version: VERSION, ...conversation });
    try {
      if (!this.storage) throw new Error("no storage");
      this.storage.setItem(PREFIX + conversation.id, text);
      this.memory.delete(conversation.id);
      this.trouble = null;
    } catch {
      this.memory.set(conversation.id, JSON.parse(text));
      this.trouble = this.storage ? "full" : "blocked";
    }
  }

  /** Deletes them and gives back what was deleted, so that it can be kept again. */
  remove(ids) {
    const gone = ids.map((id) => this.get(id)).filter(Boolean);
    for (const id of ids) {
      this.memory.delete(id);
      this.storage?.removeItem(PREFIX + id);
    }
    if (this.trouble === "full") this.trouble = null;
    return gone;
  }

  /** The conversation this tab was in, or null. */
  get open() {
    try {
      return sessionStorage.getItem(OPEN);
    } catch {
      return null;
    }
  }

  set open(id) {
    try {
      if (id) sessionStorage.setItem(OPEN, id);
      else sessionStorage.removeItem(OPEN);
    } catch {
      // A reload then starts anew; the conversation is in the list.
    }
  }

  /** Calls `listener(id)` when another tab changed or deleted a conversation; null = all of them. */
  onChange(listener) {
    addEventListener("storage", (event) => {
      if (event.key === null) listener(null);
      else if (event.key.startsWith(PREFIX)) listener(event.key.slice(PREFIX.length));
    });
  }
}

export const newId = () =>
  `${Date.now().toString(36)}-${Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(36)).join("")}`;

const titleOf = (conversation) => conversation.turns[0].question;

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
export function markdown(conversation, origin) {
  const out = [`# ${oneLine(titleOf(conversation))}`, `Fuente · ${dateOf(conversation.started)}`];
  for (const turn of conversation.turns) {
    out.push(`## ${oneLine(turn.question)}`);
    const { body } = turn;
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

/** `doors`: close(), open(id), begin(), and removed(ids) after these were deleted. */
export class ConversationList {
  constructor(panel, store, doors) {
    this.panel = panel;
    this.store = store;
    this.doors = doors;
    this.shown = false;
    this.current = null; // id of the conversation in the thread
    this.gone = []; // what "undo" brings back
  }

  draw() {
    if (!this.shown) return;
    const list = this.store.list();
    const head = sideHead(
      { title: w().conversations, close: this.doors.close },
      el("p", { class: "side-where" }, w().conversationsHelp),
      el(
        "div",
        { class: "side-tools talk-tools" },
        button([icon("add"), w().newTalk], this.doors.begin, "quiet", { "data-keep": "begin" }),
        list.length > 0 &&
          button([icon("trash"), w().removeAll], () => this.remove(list.map((one) => one.id)), "quiet", {
            "data-keep": "remove-all",
          }),
      ),
    );
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
        list.length
          ? el("ul", { class: "documents" }, ...list.map((one) => this.item(one)))
          : el("p", { class: "nothing" }, el("b", null, w().noConversations), w().noConversationsHelp),
      ),
    );
  }

  item(conversation) {
    const title = titleOf(conversation);
    const small = (name, label, onClick) =>
      roundButton(name, label, onClick, {
        "aria-label": `${label}: ${title}`,
        "data-keep": `${name} ${conversation.id}`,
      });
    return el(
      "li",
      { class: "document" },
      button(
        [
          el("b", null, title),
          el(
            "span",
            { class: "facts" },
            [w().questions(conversation.turns.length), dateOf(conversation.updated)].join(" · "),
          ),
        ],
        () => this.doors.open(conversation.id),
        "document-open",
        {
          "data-keep": `open ${conversation.id}`,
          "aria-current": conversation.id === this.current ? "true" : null,
        },
      ),
      small("file", w().exportMarkdown, () => this.export(conversation)),
      small("trash", w().removeOne, () => this.remove([conversation.id])),
    );
  }

  export(conversation) {
    save(fileName(conversation), markdown(conversation, location.origin));
    announce(w().exported);
  }

  remove(ids) {
    this.gone = this.store.remove(ids);
    this.doors.removed(ids);
    this.draw();
    this.panel.querySelector("[data-keep=undo]")?.focus();
    announce(w().conversationsRemoved(this.gone.length));
  }

  restore() {
    const back = this.gone;
    this.gone = [];
    for (const one of back) this.store.keep(one);
    this.draw();
    this.panel.querySelector(`[data-keep="open ${back[0].id}"]`)?.focus();
  }
}
