// The panel of collections: which there are, choosing, making, renaming and deleting one.
// Another collection is another page: the address says which, and what the browser keeps follows it.

import { body, get, request } from "./api.js";
import { collection, moveKept, pageOf, root } from "./collection.js";
import { moveTalks } from "./talks.js";
import { announce, button, el, refill } from "./dom.js";
import { ghost, nameForm, problemNode, roundButton, sideHead } from "./side.js";
import { w } from "./words.js";

const COLLECTIONS = `${root}/v1/collections`;
const LONGEST = 63;
export const HASH = "collections";

/** What a collection is called where people read it. */
export const nameOf = (name) => w().collectionNames[name] ?? name;

/** The name that a collection can have, out of what somebody typed; empty where nothing is left. */
export const asName = (typed) =>
  typed
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");

/** `doors`: close(), may(scope), go(address) to another page. */
export class CollectionList {
  constructor(panel, doors) {
    this.panel = panel;
    this.doors = doors;
    this.shown = false;
    this.list = null; // [{name, documents}] once loaded
    this.deleted = []; // [{name}] that can be put back
    this.renaming = null; // the name of the one that is being renamed
    this.problem = null;
  }

  async load() {
    try {
      const found = await get(COLLECTIONS);
      this.list = found.data;
      this.deleted = found.deleted;
    } catch (problem) {
      this.problem = problem;
    }
    this.draw();
  }

  // Does it and lists what there is then; what went wrong is told above the list.
  async change(action) {
    this.problem = null;
    try {
      await action();
      this.renaming = null;
    } catch (problem) {
      this.problem = problem;
    }
    await this.load();
  }

  make(typed) {
    const name = asName(typed);
    return this.change(async () => {
      await request("POST", COLLECTIONS, { json: { name } });
      this.doors.go(`${pageOf(name)}#library`);
    });
  }

  rename(name, typed) {
    const wanted = asName(typed);
    return this.change(async () => {
      if (wanted === name) return;
      await body(await request("PATCH", `${COLLECTIONS}/${name}`, { json: { name: wanted } }));
      moveKept(name, wanted);
      await moveTalks(name, wanted);
      if (name === collection) this.doors.go(`${pageOf(wanted)}#${HASH}`);
    });
  }

  remove(name) {
    return this.change(async () => {
      await request("DELETE", `${COLLECTIONS}/${name}?undo=true`);
      announce(w().collectionGone(nameOf(name)));
      if (name === collection) this.doors.go(`${pageOf("default")}#${HASH}`);
    });
  }

  undo(name) {
    return this.change(() => request("POST", COLLECTIONS, { json: { name, undelete: true } }));
  }

  draw() {
    if (!this.shown) return;
    const admin = this.doors.may("admin");
    refill(
      this.panel,
      sideHead(
        { title: w().collections, close: this.doors.close },
        el("p", { class: "side-where" }, w().collectionsHelp),
      ),
      el(
        "div",
        { class: "side-body" },
        // Where there is one of that name again there is no place to put it back to
        this.deleted.filter(({ name }) => !this.list?.some((one) => one.name === name)).map(({ name }) =>
          el(
            "p",
            { class: "undo" },
            el("span", null, w().collectionGone(nameOf(name))),
            button(w().undo, () => this.undo(name), "quiet edged", { "data-keep": `undo ${name}` }),
          ),
        ),
        this.problem && problemNode(this.problem),
        ...(this.list
          ? [el("ul", { class: "documents collections" }, this.list.map((one) => this.item(one, admin)))]
          : this.problem
            ? []
            : ghost(3, w().loading)),
        admin && this.list && this.form(w().newCollection, w().makeCollection, "", "make", (typed) => this.make(typed)),
      ),
    );
  }

  // `keep` tells it apart when the panel is drawn anew.
  form(label, words, value, keep, onTyped) {
    const onName = (field) => (asName(field.value) ? onTyped(field.value) : field.focus());
    return nameForm({ label, value, words, onName, maxlength: LONGEST, "data-keep": keep });
  }

  item({ name, documents }, admin) {
    const here = (collection || "default") === name;
    const title = nameOf(name);
    if (this.renaming === name) {
      return el(
        "li",
        { class: "document" },
        this.form(w().newName(title), w().rename, name, "rename", (typed) => this.rename(name, typed)),
      );
    }
    const facts = [here && w().shownNow, documents === null ? w().notPrepared : w().documents(documents)];
    return el(
      "li",
      { class: "document" },
      el(
        "a",
        { class: "document-open", href: pageOf(name), "aria-current": here ? "true" : null, "data-keep": `open ${name}` },
        el("b", null, el("bdi", null, title)),
        el("span", { class: "facts" }, facts.filter(Boolean).join(" · ")),
      ),
      admin &&
        name !== "default" && [
          roundButton(
            "pencil",
            w().renameOf(title),
            () => {
              this.renaming = name;
              this.draw();
              this.panel.querySelector("[data-keep=rename]").select();
            },
            { "data-keep": `rename ${name}` },
          ),
          roundButton("trash", w().remove(title), () => this.remove(name), { "data-keep": `remove ${name}` }),
        ],
    );
  }
}
