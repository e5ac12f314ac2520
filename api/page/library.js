// The library: which documents there are, adding and removing them, and the builds of the index.

import * as api from "./api.js";
import { collection, isSamples, kept } from "./collection.js";
import { nameOf } from "./collections.js";
import { LinkForm, Work } from "./work.js";
import { announce, button, el, icon, langOf, refill } from "./dom.js";
import { ghost, problemNode, roundButton, settled, sideHead } from "./side.js";
import { placeUrl } from "./address.js";
import { date, number, shortTime, w } from "./words.js";

const NEAR_PX = 900;
const ROW_PX = 76; // before a row has been seen
const CALM_MS = 80; // what is scrolled past faster is not fetched

/**
 * Pages of `size` rows. `doors`: fetch(n, signal) gives `{data, total}` of a page, row(one) the node of a row.
 */
class Rows {
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

const KEPT = kept("leaving");
const PAGE = 100;
const MOST = 1000; // documents that one request can name
const MANY = 10; // from here on they are deleted together
const AT_ONCE = 200;
const FILTER_FROM = 8;
const TYPING_MS = 200;
const UNDO_MS = 7_000;
const LISTED_FILES = 5; // of an upload; of a larger one only those on their way and those refused
const LISTED_NEWS = 20;
const LANGUAGES = ["es", "en", "und"];
const SORTS = ["id", "title", "-modified", "-size"];
const STATES = ["indexed", "pending", "changed", "skipped", "removed"];
const UNREAD = "unread";

// Why a file was not taken, and what to do, without saying the same thing twice.
function refused(problem) {
  const { title, detail, remedy } = api.wordsOf(problem);
  if (problem.code === "validation_error") return detail;
  return [title, problem.code === "unsupported_media_type" ? null : detail, remedy].filter(Boolean).join(". ").replaceAll("..", ".");
}

// How many pages of a document could not be read, where there are such.
const unread = (pages) => (pages ? [" · ", el("span", { class: "state unread" }, w().unreadPages(pages))] : null);

const megabytes = (bytes) => `${number(bytes / 2 ** 20, { maximumSignificantDigits: 2 })} MB`;

/**
 * `doors`: close(), open(place), collections(), may(scope), changed(total, readable) with the numbers of documents, built() when
 * another build is active, ask({documents, folder}) to ask only these, own() to the collection of one's own documents, removeSamples().
 */
export class Library {
  constructor(panel, doors) {
    this.panel = panel;
    this.doors = doors;
    this.rows = new Rows(PAGE, {
      fetch: (n, signal) => this.page(n, signal),
      row: (one) => this.row(one),
    });
    this.total = 0; // of what the filter lets through
    this.folders = []; // directly below the one that is open
    this.folder = "";
    this.sort = "id";
    this.filter = { q: "", lang: "", status: "" };
    this.chosen = null; // those ticked, by id, while several are chosen
    this.problem = null; // of the list
    this.news = []; // [{kind: "good" | "bad", what: words or problem, way: a button or nothing}]
    this.leaving = new Map(); // documents that are deleted unless that is undone, by id
    this.leavingTimer = 0;
    this.moving = false; // whether those chosen are about to be moved
    this.renaming = null; // the id of the document that is being renamed
    this.typed = null; // the name or folder that is being typed, which stays when the list is drawn anew
    this.moved = null; // {said, moves} of what was moved last, while that can be undone
    this.movedTimer = 0;
    this.builds = null; // [] once the list of builds was opened
    this.buildsOpen = false;
    this.shown = false;
    this.searched = settled(TYPING_MS, () => {
      this.rows.forget();
      this.load({ rows: true });
    });
    this.link = new LinkForm({
      changed: () => this.draw(),
      stored: () => {
        this.load();
        this.work.build();
      },
    });
    this.work = new Work({
      changed: () => this.drawWork(),
      failed: (problem) => this.tell("bad", problem),
      ended: (job) => this.ended(job),
      uploaded: () => this.load(),
      stopped: (files) =>
        this.tell("bad", w().uploadStopped(files.length), {
          label: () => w().uploadRest,
          act: () => this.upload(files),
        }),
    });
    // A page that is loaded again still has what can be undone; one that is closed for good deletes nothing.
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", () => this.comeBack());
  }

  leave() {
    clearTimeout(this.leavingTimer);
    try {
      if (this.leaving.size) sessionStorage.setItem(KEPT, JSON.stringify([...this.leaving.values()]));
    } catch {
      // Then they stay where they are.
    }
  }

  comeBack() {
    try {
      for (const one of JSON.parse(sessionStorage.getItem(KEPT)) ?? []) this.leaving.set(one.id, one);
      sessionStorage.removeItem(KEPT);
    } catch {
      return;
    }
    if (!this.leaving.size) return;
    this.hurry();
    this.draw();
  }

  get filtered() {
    return Object.values(this.filter).some((value) => value.trim());
  }

  // A page of the list as it is asked for now.
  page(n, signal) {
    const { q, lang, status } = this.filter;
    const { folder, sort } = this;
    // Documents with unread pages are ready all the same, and chosen where the other states are
    const unread = status === UNREAD || null;
    return api.list({ q: q.trim(), lang, status: unread ? "" : status, unread, folder, sort, limit: PAGE, offset: n * PAGE }, signal);
  }

  /** Fetches the list; `rows`: draws nothing but them, since somebody is typing above. */
  async load({ rows = false } = {}) {
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    try {
      const first = await this.rows.load(loading.signal);
      this.total = first.total;
      this.folders = first.folders ?? [];
      this.problem = null;
      // A folder is gone with the last document in it.
      if (!this.total && this.folder && !this.filtered) return this.enter("");
      if (!this.filtered && !this.folder) this.doors.changed(this.total, this.total - first.skipped);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      this.problem = problem;
    }
    if (rows) this.drawRows();
    else this.draw();
  }

  /** `way`: {label(), act()} of a button beside the words. */
  tell(kind, what, way = null) {
    this.news.push({ kind, what, way });
    this.draw();
    announce(typeof what === "string" ? what : Object.values(api.wordsOf(what)).filter(Boolean).join(". "));
  }

  // ---- adding and building ----------------------------------------------------------------

  /** `files`: [{file, folder}]. */
  upload(files) {
    if (!files.length || !this.doors.may("index")) return;
    this.news = [];
    announce(w().uploading(files.length));
    this.work.upload(files);
    const body = this.shown && this.panel.querySelector(".library");
    if (body) body.scrollTop = 0; // where its progress is
  }

  build() {
    this.news = [];
    return this.work.build();
  }

  resume() {
    return this.work.resume();
  }

  ended(job) {
    if (job.status === "failed")
      this.tell("bad", { title: w().jobFailed, detail: job.error?.detail, code: "job" });
    else if (job.status === "cancelled") this.tell("good", w().jobCancelled);
    else {
      this.tell("good", this.done(job.report));
      const skipped = job.report?.skipped ?? [];
      for (const one of skipped.slice(0, LISTED_NEWS))
        this.news.push({ kind: "bad", what: `${one.document_id}: ${one.reason}` });
      if (skipped.length > LISTED_NEWS)
        this.news.push({ kind: "bad", what: w().skippedMore(number(skipped.length - LISTED_NEWS)) });
      this.doors.built();
      // What was added to the samples stands beside them.
      if (isSamples) return this.doors.own();
    }
    this.load();
    if (this.buildsOpen) this.loadBuilds();
  }

  // What a build that went well means to whoever waits for it.
  done(report) {
    if (!report) return w().jobDone;
    if (!report.documents) return w().jobGone;
    const fewer = report.removed.length && !report.added.length && !report.changed.length;
    return fewer ? w().jobLess : w().jobDone;
  }

  // ---- removing ---------------------------------------------------------------------------

  remove(document) {
    this.leaving.set(document.id, document);
    this.hurry();
    this.draw();
    announce(w().leavingSaid(document.title || document.id));
  }

  undo(ids) {
    for (const id of ids) this.leaving.delete(id);
    if (!this.leaving.size) clearTimeout(this.leavingTimer);
    this.draw();
  }

  // The clock starts anew with each one, and stands while somebody is about to undo.
  hurry() {
    clearTimeout(this.leavingTimer);
    this.leavingTimer = setTimeout(() => {
      if (this.panel.querySelector(".toast:not(.chosen-bar):hover, [data-undo]:focus-visible")) this.hurry();
      else this.removeNow();
    }, UNDO_MS);
  }

  async removeNow() {
    clearTimeout(this.leavingTimer);
    const leaving = [...this.leaving.values()];
    this.leaving.clear();
    if (!leaving.length) return;
    const gone = new Set(leaving.map((one) => one.id));
    this.rows.drop((one) => gone.has(one.id));
    this.total -= gone.size;
    this.news = [];
    this.draw();
    const removed = leaving.length > MANY ? await this.removeMany(leaving) : await this.removeEach(leaving);
    if (removed) this.tell("good", w().removed(removed));
    await this.load();
    if (removed) await this.work.build({ fewer: true });
  }

  async removeEach(leaving) {
    let removed = 0;
    for (const { id } of leaving) {
      try {
        await api.remove(id);
        removed++;
      } catch (problem) {
        // Somebody else was faster: it is gone, as wished.
        if (problem.status === 404) removed++;
        else this.tell("bad", problem);
      }
    }
    return removed;
  }

  async removeMany(leaving) {
    const ids = leaving.map((one) => one.id);
    let removed = 0;
    try {
      for (let n = 0; n < ids.length; n += AT_ONCE) removed += await api.removeMany(ids.slice(n, n + AT_ONCE));
    } catch (problem) {
      this.tell("bad", problem);
    }
    return removed;
  }

  // ---- moving and renaming ----------------------------------------------------------------

  // `moves`: [{document_id, to}]; `said` is what is told of those that were moved.
  async move(moves, said) {
    this.news = [];
    try {
      const moved = await api.move(moves);
      this.renaming = null;
      this.typed = null;
      if (!moved.length) return this.draw();
      this.moved = { said: said(moved), moves: moved.map(({ document_id: from, to }) => ({ document_id: to, to: from })) };
      this.keepMoved();
      if (this.chosen) this.choose(false);
      announce(this.moved.said);
    } catch (problem) {
      this.tell("bad", problem);
      return;
    }
    await this.load();
    await this.work.build();
  }

  // As long as somebody is about to undo it, it stays.
  keepMoved() {
    clearTimeout(this.movedTimer);
    this.movedTimer = setTimeout(() => {
      if (this.panel.querySelector(".moved:hover, [data-keep=move-back]:focus-visible")) return this.keepMoved();
      this.moved = null;
      this.draw();
    }, UNDO_MS);
  }

  async moveBack() {
    const { moves } = this.moved;
    this.moved = null;
    clearTimeout(this.movedTimer);
    try {
      await api.move(moves);
      this.tell("good", w().moveBack);
    } catch (problem) {
      this.tell("bad", problem);
    }
    await this.load();
    await this.work.build();
  }

  moveChosen(folder) {
    const to = folder.split("/").map((part) => part.trim()).filter(Boolean);
    const some = [...this.chosen.values()].filter((one) => one.status !== "removed");
    if (!some.length) return this.choose(false);
    const moves = some.map(({ id }) => ({ document_id: id, to: [...to, id.slice(id.lastIndexOf("/") + 1)].join("/") }));
    return this.move(moves, (moved) => w().movedTo(moved.length));
  }

  rename(one, typed) {
    const at = one.id.lastIndexOf("/") + 1;
    const name = one.id.slice(at);
    const suffix = name.slice(name.lastIndexOf("."));
    const wanted = typed.trim();
    const to = wanted.toLowerCase().endsWith(suffix.toLowerCase()) ? wanted : wanted + suffix;
    return this.move([{ document_id: one.id, to: one.id.slice(0, at) + to }], () => w().renamed(name, to));
  }

  // A field with its button, and a way out of it.
  field({ label, value, words, keep, list = null }, onDone, onCancel) {
    const input = el("input", { type: "text", "aria-label": label, placeholder: label, maxlength: 255, "data-keep": keep, list });
    input.value = this.typed ?? value;
    input.addEventListener("input", () => (this.typed = input.value));
    const cancel = () => {
      this.typed = null;
      onCancel();
    };
    const submit = (event) => {
      event.preventDefault();
      onDone(input.value);
    };
    const keydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation(); // the panel stays
      cancel();
    };
    return el(
      "form",
      { class: "name-form", on: { submit, keydown } },
      input,
      el("button", { type: "submit", class: "firm", "data-keep": `${keep} go` }, words),
      roundButton("close", w().cancel, cancel, { "data-keep": `${keep} cancel` }),
    );
  }

  folderField() {
    const folders = [...new Set([this.folder, ...this.folders.map(({ path }) => path)].filter(Boolean))];
    const cancel = () => {
      this.moving = false;
      this.draw();
      this.panel.querySelector("[data-keep=move-these]")?.focus();
    };
    return [
      el("datalist", { id: "folders" }, folders.map((path) => el("option", { value: path }))),
      this.field({ label: w().moveTo, value: this.folder, words: w().moveHere, keep: "folder-name", list: "folders" }, (typed) => this.moveChosen(typed), cancel),
    ];
  }

  renameField(one, title) {
    const end = (keep) => {
      this.renaming = null;
      this.draw();
      this.panel.querySelector(`[data-keep="${CSS.escape(keep)}"]`)?.focus();
    };
    const name = one.id.slice(one.id.lastIndexOf("/") + 1);
    return el(
      "li",
      { class: "document" },
      this.field({ label: w().newName(title), value: name, words: w().rename, keep: "new-name" }, (typed) => (typed.trim() ? this.rename(one, typed) : end(`rename ${one.id}`)), () =>
        end(`rename ${one.id}`),
      ),
    );
  }

  startRename(one) {
    this.renaming = one.id;
    this.moving = false;
    this.typed = null;
    this.draw();
    const field = this.panel.querySelector("[data-keep=new-name]");
    field.focus();
    field.setSelectionRange(0, field.value.lastIndexOf("."));
  }

  // ---- choosing several -------------------------------------------------------------------

  /** Has documents be ticked, to ask or delete them together, or no more. */
  choose(on) {
    this.chosen = on ? new Map() : null;
    this.moving = false;
    this.renaming = null;
    this.typed = null;
    this.draw();
  }

  tick(one, on) {
    if (on) this.chosen.set(one.id, one);
    else this.chosen.delete(one.id);
    this.drawChosen();
  }

  async tickAll() {
    try {
      for (let n = 0; n * PAGE < this.total; n++)
        for (const one of (await this.rows.page(n)).data) this.chosen?.set(one.id, one);
    } catch (problem) {
      this.tell("bad", problem);
    }
    if (this.chosen) this.draw();
  }

  removeChosen() {
    for (const one of this.chosen.values()) if (one.status !== "removed") this.leaving.set(one.id, one);
    this.hurry();
    this.choose(false);
    announce(w().leaving(this.leaving.size));
  }

  chosenNodes() {
    const some = [...this.chosen.values()];
    const count = el("span", { role: "status" }, w().chosen(some.length));
    if (this.moving) return [count, ...this.folderField()];
    const ask = () => {
      this.choose(false);
      this.doors.ask({ documents: some.map(({ id, title }) => ({ id, title })), folder: null });
    };
    const asked = button(w().askThese, ask, "firm", { "data-keep": "ask-these" });
    asked.disabled = !some.length || some.length > MOST;
    const removed = button([icon("trash"), w().removeThese], () => this.removeChosen(), "quiet", { "data-keep": "remove-these" });
    removed.disabled = !some.length;
    const move = () => {
      this.moving = true;
      this.renaming = null;
      this.typed = null;
      this.draw();
      this.panel.querySelector("[data-keep=folder-name]").focus();
    };
    const moved = button([icon("folder"), w().moveThese], move, "quiet", { "data-keep": "move-these" });
    moved.disabled = !some.length || some.length > MOST;
    return [
      count,
      el(
        "span",
        { class: "chosen-tools" },
        some.length < this.total &&
          button(w().chooseAll(number(this.total)), () => this.tickAll(), "quiet", { "data-keep": "all" }),
        this.doors.may("index") && !isSamples && [moved, removed],
        asked,
        roundButton("close", w().chooseNone, () => this.choose(false), { "data-keep": "choose-none" }),
      ),
    ];
  }

  drawChosen() {
    const place = this.shown && this.panel.querySelector(".chosen-bar");
    if (!place) return;
    // What was typed into the field stays.
    if (this.moving && place.querySelector("form")) place.querySelector("[role=status]").textContent = w().chosen(this.chosen.size);
    else refill(place, ...this.chosenNodes());
  }

  // ---- builds -----------------------------------------------------------------------------

  async loadBuilds() {
    try {
      this.builds = (await api.builds()).data.sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
    } catch (problem) {
      this.tell("bad", problem);
    }
    this.draw();
  }

  async activate(build) {
    try {
      await api.activate(build.id);
      this.tell("good", w().activated(date(build.created_at, { timeStyle: "short" })));
      this.doors.built();
      await Promise.all([this.load(), this.loadBuilds()]);
    } catch (problem) {
      this.tell("bad", problem);
    }
  }

  buildsNode() {
    const rows = (this.builds ?? []).map((build) => {
      const when = date(build.created_at, { timeStyle: "short" });
      const facts = [
        w().documents(build.documents),
        w().passages(build.passages),
        megabytes(build.size_bytes),
      ];
      return el(
        "li",
        { class: build.active ? "build active" : "build" },
        el(
          "div",
          null,
          el("b", null, el("time", { datetime: build.created_at }, when)),
          el("span", { class: "facts" }, facts.join(" · ")),
          build.problem && el("span", { class: "status skipped" }, build.problem),
        ),
        build.active
          ? el("span", { class: "state indexed" }, w().inUse)
          : !build.problem &&
              this.doors.may("admin") &&
              button(w().useBuild, () => this.activate(build), "quiet edged", {
                "aria-label": w().useBuildOf(when),
                "data-keep": `build ${build.id}`,
              }),
      );
    });
    const details = el(
      "details",
      { class: "builds" },
      el("summary", { "data-keep": "builds" }, w().builds),
      el("p", { class: "builds-help" }, w().buildsHelp),
      el("ul", null, rows),
    );
    details.open = this.buildsOpen;
    details.addEventListener("toggle", () => {
      if (details.open === this.buildsOpen) return;
      this.buildsOpen = details.open;
      if (details.open) this.loadBuilds();
    });
    return details;
  }

  // ---- drawing ----------------------------------------------------------------------------

  // Progress moves many times a second: the list is left alone.
  drawWork() {
    const place = this.shown && this.panel.querySelector(".work");
    if (!place) return;
    const { files, job, sending } = this.work;
    const bar = (label, done, total) => {
      const progress = el("progress", total ? { max: total, value: done ?? 0 } : null);
      progress.setAttribute("aria-label", label);
      return progress;
    };
    const line = (words, ...counts) =>
      el(
        "p",
        { class: "work-words" },
        el("span", null, words),
        counts.filter(Boolean).map((count) => el("span", { class: "work-count" }, count)),
      );
    const nodes = [];
    if (sending) {
      const done = files.filter((one) => one.state === "done" || one.state === "failed").length;
      const part = files.find((one) => one.state === "sending")?.share ?? 0;
      nodes.push(line(w().uploading(files.length), `${number(done)} / ${number(files.length)}`));
      nodes.push(bar(w().uploading(files.length), done + part, files.length));
    }
    const listed = files.filter(
      (one) => one.state === "failed" || (sending && (one.state === "sending" || files.length <= LISTED_FILES)),
    );
    if (listed.length) {
      nodes.push(
        el(
          "ul",
          { class: "files" },
          listed.map((one) =>
            el(
              "li",
              { class: one.state },
              el("bdi", null, one.name),
              el(
                "span",
                null,
                one.state === "failed"
                  ? refused(one.problem)
                  : one.state === "sending"
                    ? number(one.share, { style: "percent" })
                    : w().fileState[one.state === "waiting" ? "waiting" : one.replaced ? "replaced" : "uploaded"],
              ),
            ),
          ),
        ),
      );
    }
    if (job) {
      const { done, total, eta } = job;
      const count = total > 0 && `${number(done ?? 0)} / ${number(total)}`;
      nodes.push(line(job.words(), count, typeof eta === "number" && w().left(shortTime(eta))));
      nodes.push(bar(job.words(), done, total));
    }
    if ((sending || job) && this.doors.may("index")) {
      nodes.push(
        button(w().stopWork, () => this.work.cancel(), "quiet edged", { "data-keep": "stop" }),
      );
    }
    const focused = place.contains(document.activeElement);
    place.replaceChildren(...nodes);
    if (focused) (place.querySelector("button") ?? this.panel.querySelector("[data-keep=title]")).focus();
  }

  row(one) {
    const title = one.title || one.id;
    const leaving = this.leaving.has(one.id);
    const facts = [
      one.language && w().language[one.language],
      one.pages > 0 && w().pages(one.pages),
      Number.isInteger(one.passages) && w().passages(one.passages),
      one.modified_at && date(one.modified_at),
    ].filter(Boolean);
    const state = leaving ? "removed" : one.status;
    const said = leaving ? w().leavingNow : w().status[one.status];
    const spot = { id: one.id, start: null, end: null, title };
    // Only what is in the active build can be read.
    const readable = Number.isInteger(one.passages) && !leaving;
    const open = (event) => {
      if (!readable || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.doors.open(spot);
    };
    const changeable = this.doors.may("index") && !isSamples && one.status !== "removed";
    if (changeable && this.renaming === one.id) return this.renameField(one, title);
    return el(
      "li",
      { class: leaving ? "document leaving" : "document" },
      this.chosen && !leaving && this.tickBox(one, title),
      el(
        readable ? "a" : "div",
        { class: "document-open", href: readable && placeUrl(spot), on: { click: open } },
        el("b", { lang: langOf(one.language) }, el("bdi", null, title)),
        el(
          "span",
          { class: "facts" },
          facts.map((fact) => `${fact} · `),
          el("span", { class: `state ${state}` }, said),
          unread(leaving ? 0 : one.unread_pages),
        ),
        one.reason && el("span", { class: "reason", title: one.cause }, el("bdi", null, one.reason)),
        one.id !== title && el("span", { class: "path" }, el("bdi", null, one.id)),
      ),
      changeable && this.rowTools(one, title, leaving),
    );
  }

  rowTools(one, title, leaving) {
    const keep = { "data-keep": `remove ${one.id}` };
    if (leaving) {
      const undo = { ...keep, "data-undo": true, "aria-label": w().undoOf(title) };
      return button(w().undo, () => this.undo([one.id]), "quiet edged", undo);
    }
    return [
      this.chosen &&
        roundButton("pencil", w().renameOf(title), () => this.startRename(one), { "data-keep": `rename ${one.id}` }),
      roundButton("trash", w().remove(title), () => this.remove(one), keep),
    ];
  }

  tickBox(one, title) {
    const box = el("input", { type: "checkbox", "aria-label": w().chooseOne(title), "data-keep": `tick ${one.id}` });
    box.checked = this.chosen.has(one.id);
    box.addEventListener("change", () => this.tick(one, box.checked));
    return el("label", { class: "tick" }, box);
  }

  // What is below the folder that is open, and the way back up.
  tree() {
    if (!this.folder && !this.folders.length) return null;
    const to = (path, words, keep) =>
      button(words, () => this.enter(path), "quiet", { "data-keep": keep });
    const parts = this.folder ? this.folder.split("/") : [];
    const way = parts.map((name, n) => [name, parts.slice(0, n + 1).join("/")]);
    return el(
      "nav",
      { class: "tree", "aria-label": w().folders },
      this.folder &&
        el(
          "p",
          { class: "tree-way" },
          to("", w().allFolders, "folder"),
          ...way.flatMap(([name, path], n) => [
            el("span", { "aria-hidden": "true" }, "›"),
            n < way.length - 1 ? to(path, name, `folder ${path}`) : el("b", { "aria-current": "true" }, el("bdi", null, name)),
          ]),
          button(w().askFolder, () => this.doors.ask({ documents: [], folder: this.folder }), "quiet edged", {
            "data-keep": "ask-folder",
          }),
        ),
      this.folders.length > 0 &&
        el(
          "ul",
          null,
          this.folders.map(({ path, documents: n }) =>
            el(
              "li",
              null,
              to(path, [icon("folder"), el("bdi", null, path.slice(path.lastIndexOf("/") + 1)), el("span", { class: "count" }, number(n))], `folder ${path}`),
            ),
          ),
        ),
    );
  }

  enter(folder) {
    this.folder = folder;
    this.rows.forget();
    this.draw();
    return this.load();
  }

  // What is in the list, and in which order.
  bar() {
    const order = el(
      "select",
      { "aria-label": w().order, "data-keep": "sort", class: "order" },
      SORTS.map((value) => el("option", { value }, w().orders[value.replace("-", "")])),
    );
    order.value = this.sort;
    order.addEventListener("change", () => {
      this.sort = order.value;
      this.rows.forget();
      this.load({ rows: true });
    });
    return el(
      "div",
      { class: "list-bar" },
      this.total > 1 ? order : el("span"),
      button(w().chooseSome, () => this.choose(!this.chosen), "quiet", {
        "aria-pressed": String(!!this.chosen),
        "data-keep": "choose",
      }),
    );
  }

  rowNodes() {
    if (this.problem) {
      const isGone = this.problem.code === "no_collection";
      const way = isGone ? button(w().seeCollections, this.doors.collections) : button(w().retry, () => this.load());
      return [problemNode(this.problem, way)];
    }
    if (!this.rows.loaded) return ghost(6, w().loading);
    if (!this.total) {
      return [
        el(
          "p",
          { class: "nothing" },
          !this.filtered && el("b", null, w().noDocuments),
          this.filtered ? w().noMatch : this.doors.may("index") ? w().noDocumentsHelp : "",
        ),
      ];
    }
    return this.rows.nodes(this.total);
  }

  filters() {
    if (!this.filtered && !this.folder && this.total < FILTER_FROM) return null;
    const input = el("input", {
      type: "search",
      "data-keep": "q",
      placeholder: w().filter,
      "aria-label": w().filter,
      maxlength: 200,
    });
    input.value = this.filter.q;
    input.addEventListener("input", () => {
      this.filter.q = input.value;
      this.searched();
    });
    const choice = (name, label, all, values, words) => {
      const select = el(
        "select",
        { "aria-label": label, "data-keep": name },
        el("option", { value: "" }, all),
        values.map((value) => el("option", { value }, words[value])),
      );
      select.value = this.filter[name];
      select.addEventListener("change", () => {
        this.filter[name] = select.value;
        this.rows.forget();
        this.load({ rows: true });
      });
      return select;
    };
    return el(
      "div",
      { class: "filters", role: "search" },
      input,
      choice("lang", w().languageOf, w().allLanguages, LANGUAGES, w().language),
      choice("status", w().stateOf, w().allStates, [...STATES, UNREAD], { ...w().status, [UNREAD]: w().withUnread }),
      el("p", { class: "found", role: "status" }, this.found()),
    );
  }

  found() {
    return this.filtered && this.rows.loaded ? w().documents(this.total) : "";
  }

  drawRows() {
    if (!this.shown) return;
    this.panel.querySelector(".rows").replaceChildren(...this.rowNodes());
    this.rows.watch(this.panel.querySelector(".side-body"));
    this.panel.querySelector(".found").textContent = this.found();
  }

  drop() {
    const input = el("input", {
      type: "file",
      id: "files",
      "data-keep": "files",
      multiple: true,
      accept: api.formats().join(",") || null,
      class: "sr",
    });
    input.addEventListener("change", () => {
      this.upload(Array.from(input.files, (file) => ({ file })));
      input.value = "";
    });
    return el(
      "div",
      { class: "drop" },
      input,
      el(
        "p",
        { class: "drop-words" },
        el("b", { class: "for-mouse" }, w().drop, " "),
        el(
          "label",
          { for: "files" },
          el("span", { class: "for-mouse" }, w().dropOr),
          el("span", { class: "for-touch" }, w().choose),
        ),
      ),
      el("p", { class: isSamples ? "drop-formats beside" : "drop-formats" }, isSamples ? w().dropBeside : api.formatNames(w().formatNames)),
    );
  }

  // Samples are taken away all at once.
  samples() {
    return el(
      "div",
      { class: "first samples" },
      el("p", null, el("b", null, w().samples), w().samplesHelp),
      this.doors.may("admin") && button(w().removeSamples, this.doors.removeSamples, "quiet edged", { "data-keep": "samples" }),
    );
  }

  toast() {
    const ids = [...this.leaving.keys()];
    if (!ids.length) return null;
    return el(
      "div",
      { class: "toast" },
      el("span", null, w().leaving(ids.length)),
      button(ids.length > 1 ? w().undoAll : w().undo, () => this.undo(ids), "firm", {
        "data-keep": "undo",
        "data-undo": true,
      }),
    );
  }

  movedToast() {
    return (
      this.moved &&
      el(
        "div",
        { class: "toast moved" },
        el("span", null, this.moved.said),
        button(w().undo, () => this.moveBack(), "firm", { "data-keep": "move-back" }),
      )
    );
  }

  draw() {
    if (!this.shown) return;
    const scroll = this.panel.querySelector(".library")?.scrollTop ?? 0;
    refill(
      this.panel,
      ...[
        sideHead(
          { title: w().library, close: this.doors.close },
          button(
            [icon("shelves"), w().collectionIs(nameOf(collection || "default"))],
            this.doors.collections,
            "quiet in-collection",
            { "data-keep": "collections" },
          ),
        ),
        el(
          "div",
          { class: "side-body library" },
          isSamples && this.samples(),
          this.doors.may("index") && this.drop(),
          this.doors.may("index") && !isSamples && api.followsLinks() && this.link.node(),
          el("div", { class: "work" }),
          el(
            "div",
            { class: "news" },
            this.news.map(({ kind, what, way }) =>
              typeof what === "string"
                ? el(
                    "p",
                    { class: kind },
                    el("bdi", null, what),
                    way && button(way.label(), way.act, "quiet edged", { "data-keep": "way" }),
                  )
                : problemNode(what),
            ),
          ),
          this.filters(),
          this.rows.loaded && this.tree(),
          this.rows.loaded && (this.total > 1 || (this.total > 0 && this.doors.may("index") && !isSamples)) && this.bar(),
          el("div", { class: "rows" }, this.rowNodes()),
          this.buildsNode(),
        ),
        this.chosen && el("div", { class: "toast chosen-bar" }, this.chosenNodes()),
        this.movedToast(),
        this.toast(),
      ].filter(Boolean),
    );
    this.drawWork();
    const body = this.panel.querySelector(".side-body");
    body.scrollTop = scroll;
    this.rows.watch(body);
  }
}

// A folder that is dropped comes as an entry; its files keep their way below it.
async function filesOf(entry, folder = "") {
  if (entry.name.startsWith(".")) return [];
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, folder }];
  }
  const reader = entry.createReader();
  const inside = [];
  for (;;) {
    // The browser hands them out a hundred at a time.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) break;
    for (const one of some) inside.push(...(await filesOf(one, `${folder}${entry.name}/`)));
  }
  return inside;
}

/** Files and folders dropped anywhere on the page; `may()` says whether there is anything to do with them. */
export function acceptDrops({ may, onEnter, onFiles }) {
  const wanted = (event) => may() && event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const leave = () => {
    depth = 0;
    document.body.classList.remove("dropping");
  };
  addEventListener("dragenter", (event) => {
    if (!wanted(event)) return;
    event.preventDefault();
    if (depth++ === 0) {
      document.body.classList.add("dropping");
      onEnter();
    }
  });
  addEventListener("dragleave", (event) => wanted(event) && --depth <= 0 && leave());
  addEventListener("dragover", (event) => wanted(event) && event.preventDefault());
  addEventListener("drop", async (event) => {
    if (!wanted(event)) return;
    event.preventDefault();
    leave();
    const { items, files } = event.dataTransfer;
    const entries = Array.from(items, (item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const plain = Array.from(files, (file) => ({ file }));
    const found = entries.some((entry) => entry.isDirectory)
      ? (await Promise.all(entries.map((entry) => filesOf(entry)))).flat()
      : plain;
    onFiles(found);
  });
}
