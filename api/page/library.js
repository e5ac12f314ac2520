// The library: which documents there are, adding and removing them, and how far the index is.

import * as api from "./api.js";
import { $, announce, el, icon, langOf, refill } from "./dom.js";
import { problemNode } from "./problem.js";
import { placeUrl } from "./reader.js";
import { number, w } from "./words.js";

const PAGE = 100;
const FILTER_FROM = 8;
const POLL_MS = 700;
const SUFFIXES = ".pdf,.docx,.epub,.html,.htm,.md,.markdown,.txt,.csv,.jsonl";
const RUNNING = new Set(["queued", "running"]);

/** `doors`: close(), open(place), changed(total), built(). */
export class Library {
  constructor(panel, doors) {
    this.panel = panel;
    this.doors = doors;
    this.list = null; // null until loaded
    this.total = 0;
    this.problem = null; // of the list
    this.work = null; // {words, done, total, eta} while uploading or building
    this.news = []; // [{kind: "good"|"bad", node}]
    this.filter = "";
    this.asking = null; // id of the document to be removed, waiting for a yes
    this.shown = false;
    this.following = null;
  }

  async load() {
    try {
      const page = await api.documents(PAGE, 0);
      this.list = page.data;
      this.total = page.total ?? page.data.length;
      this.problem = null;
      this.doors.changed(this.total);
    } catch (problem) {
      this.problem = problem;
    }
    this.draw();
  }

  async more() {
    try {
      const page = await api.documents(PAGE, this.list.length);
      this.list = [...this.list, ...page.data];
      this.total = page.total ?? this.list.length;
    } catch (problem) {
      this.tell("bad", problem);
    }
    this.draw();
  }

  tell(kind, what) {
    this.news.push({ kind, what });
    this.draw();
    announce(typeof what === "string" ? what : Object.values(api.wordsOf(what)).filter(Boolean).join(". "));
  }

  async upload(files) {
    const list = [...files];
    if (!list.length || this.work?.uploading) return;
    this.news = [];
    this.work = { uploading: true, words: () => w().uploading(list.length) };
    this.draw();
    announce(w().uploading(list.length));
    try {
      const reply = await api.upload(list);
      this.work = null;
      await this.load();
      if (reply?.job) await this.follow(reply.job);
      else if (reply) await this.build();
    } catch (problem) {
      this.work = null;
      this.tell("bad", problem);
    }
  }

  async remove(document) {
    this.asking = null;
    this.news = [];
    this.list = this.list.filter((one) => one.id !== document.id);
    this.draw();
    $("side-title")?.focus();
    try {
      const reply = await api.remove(document.id);
      this.tell("good", w().removed(document.title || document.id));
      await this.load();
      if (reply?.job) await this.follow(reply.job);
      else await this.build();
    } catch (problem) {
      await this.load();
      this.tell("bad", problem);
    }
  }

  /** Starts a build and follows it; one that is already running is not an error. */
  async build() {
    try {
      await this.follow(await api.startJob());
    } catch (problem) {
      if (problem.code !== "index_job_running") this.tell("bad", problem);
    }
  }

  /** Follows a build to its end. A later one takes the earlier one's place: it holds the earlier changes too. */
  async follow(job) {
    const alone = !this.following;
    this.following = job.id;
    if (!alone) return;
    let misses = 0;
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    try {
      for (;;) {
        const id = this.following;
        let now;
        try {
          now = await api.job(id);
          misses = 0;
        } catch (problem) {
          // The service may restart under a running job; three silences in a row are a failure.
          if (++misses === 3 || problem.status === 404) throw problem;
          await pause(POLL_MS * 2);
          continue;
        }
        if (id !== this.following) continue;
        if (RUNNING.has(now.status)) {
          const { stage = "queued", done, total, eta_s: eta } = now.progress ?? {};
          if (!this.work?.uploading)
            this.work = { words: () => w().stage[stage] ?? w().stage.queued, done, total, eta };
          this.drawWork();
          await pause(POLL_MS);
          continue;
        }
        this.work = null;
        if (now.status === "failed") this.tell("bad", this.failure(now));
        else if (now.status === "cancelled") this.tell("good", w().jobCancelled);
        else {
          this.tell("good", w().jobDone);
          for (const one of now.report?.skipped ?? [])
            this.tell("bad", w().skipped(one.document_id, one.reason));
          this.doors.built();
        }
        await this.load();
        return;
      }
    } catch (problem) {
      this.work = null;
      this.tell("bad", problem);
    } finally {
      this.following = null;
    }
  }

  /** A build may be running already when the panel opens: after a reload, or started in a terminal. */
  async resume() {
    if (this.following) return;
    try {
      const running = (await api.jobs()).data.find((job) => RUNNING.has(job.status));
      if (running) await this.follow(running);
    } catch {
      // Only a comfort; with a key of a narrower scope the list is not given.
    }
  }

  failure(job) {
    return new api.Problem({
      code: "job",
      title: w().jobFailed,
      detail: job.error?.detail,
    });
  }

  // Only the progress moves many times a second; the list is left alone.
  drawWork() {
    const place = this.shown && this.panel.querySelector(".work");
    if (!place) return;
    if (!this.work) {
      place.replaceChildren();
      return;
    }
    const { words, done, total, eta } = this.work;
    const bar = el("progress", total ? { max: total, value: done ?? 0 } : null);
    bar.setAttribute("aria-label", words());
    place.replaceChildren(
      el(
        "p",
        { class: "work-words" },
        el("span", null, words()),
        total > 0 && el("span", { class: "work-count" }, `${number(done ?? 0)} / ${number(total)}`),
        typeof eta === "number" && el("span", { class: "work-count" }, w().left(eta)),
      ),
      bar,
    );
  }

  row(document) {
    const facts = [
      document.language && w().language[document.language],
      Number.isInteger(document.pages) && document.pages > 0 && w().pages(document.pages),
      Number.isInteger(document.passages) && w().passages(document.passages, number(document.passages)),
    ].filter(Boolean);
    const status = w().status[document.status];
    const title = document.title || document.id;
    if (this.asking === document.id) {
      const cancel = () => {
        this.asking = null;
        this.draw();
        this.panel.querySelector(`[data-keep="${CSS.escape(`remove ${document.id}`)}"]`)?.focus();
      };
      return el(
        "li",
        {
          class: "document asking",
          on: { keydown: (event) => event.key === "Escape" && (event.stopPropagation(), cancel()) },
        },
        el("p", { id: "remove-ask" }, w().removeAsk(title)),
        el(
          "div",
          { class: "buttons" },
          el(
            "button",
            {
              type: "button",
              class: "firm danger",
              "data-keep": "yes",
              "aria-describedby": "remove-ask",
              on: { click: () => this.remove(document) },
            },
            w().removeYes,
          ),
          el("button", { type: "button", class: "quiet edged", on: { click: cancel } }, w().cancel),
        ),
      );
    }
    const spot = { id: document.id, start: null, end: null, title };
    // Only what is in the active build can be read.
    const readable = Number.isInteger(document.passages);
    return el(
      "li",
      { class: "document" },
      el(
        readable ? "a" : "div",
        {
          class: "document-open",
          href: readable && placeUrl(spot),
          on: {
            click: (event) => {
              if (!readable || event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              this.doors.open(spot);
            },
          },
        },
        el("b", { lang: langOf(document.language) }, title),
        facts.length > 0 && el("span", { class: "facts" }, facts.join(" · ")),
        status &&
          el(
            "span",
            { class: `status ${document.status}` },
            status,
            document.reason && `: ${document.reason}`,
          ),
        document.id !== title && el("span", { class: "path" }, document.id),
      ),
      document.status !== "removed" &&
        el(
          "button",
          {
            type: "button",
            class: "quiet round",
            "data-keep": `remove ${document.id}`,
            "aria-label": w().remove(title),
            title: w().remove(title),
            on: {
              click: () => {
                this.asking = document.id;
                this.draw();
                this.panel.querySelector(".asking .firm")?.focus();
              },
            },
          },
          icon("trash"),
        ),
    );
  }

  rows() {
    const wanted = this.filter.trim().toLocaleLowerCase();
    const list = this.list.filter((one) => `${one.title} ${one.id}`.toLocaleLowerCase().includes(wanted));
    if (!list.length) {
      return [
        el(
          "p",
          { class: "nothing" },
          !wanted && el("b", null, w().noDocuments),
          wanted ? w().noMatch : w().noDocumentsHelp,
        ),
      ];
    }
    const rest = Math.min(PAGE, this.total - this.list.length);
    return [
      el(
        "ul",
        { class: "documents" },
        list.map((one) => this.row(one)),
      ),
      !wanted &&
        rest > 0 &&
        el(
          "button",
          { type: "button", class: "quiet edged", on: { click: () => this.more() } },
          w().showMore(number(rest)),
        ),
    ].filter(Boolean);
  }

  draw() {
    if (!this.shown) return;
    const scroll = this.panel.querySelector(".library")?.scrollTop ?? 0;
    const input = el("input", {
      type: "file",
      id: "files",
      "data-keep": "files",
      multiple: true,
      accept: SUFFIXES,
      class: "sr",
    });
    input.addEventListener("change", () => this.upload(input.files));
    input.disabled = Boolean(this.work?.uploading);
    const rows = el("div", { class: "rows" });
    const filter =
      (this.list?.length ?? 0) >= FILTER_FROM &&
      el("input", {
        type: "search",
        class: "filter",
        "data-keep": "filter",
        placeholder: w().filter,
        "aria-label": w().filter,
      });
    if (filter) {
      filter.value = this.filter;
      filter.addEventListener("input", () => {
        this.filter = filter.value;
        rows.replaceChildren(...this.rows());
      });
    }
    if (this.problem) {
      const retry = el(
        "button",
        { type: "button", class: "firm", on: { click: () => this.load() } },
        w().retry,
      );
      rows.append(problemNode(this.problem, retry));
    } else if (!this.list) {
      rows.append(
        el("p", { class: "sr" }, w().loading),
        el("div", { class: "ghost", "aria-hidden": "true" }, ...Array.from({ length: 6 }, () => el("i"))),
      );
    } else {
      rows.append(...this.rows());
    }
    refill(
      this.panel,
      el(
        "header",
        { class: "side-head" },
        el(
          "div",
          { class: "side-line" },
          el("h2", { id: "side-title", "data-keep": "title", tabindex: "-1" }, w().library),
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
      ),
      el(
        "div",
        { class: "side-body library" },
        el(
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
          el("p", { class: "drop-formats" }, w().formats),
        ),
        el("div", { class: "work" }),
        el(
          "div",
          { class: "news" },
          this.news.map(({ kind, what }) =>
            typeof what === "string" ? el("p", { class: kind }, what) : problemNode(what),
          ),
        ),
        filter,
        rows,
      ),
    );
    this.drawWork();
    this.panel.querySelector(".side-body").scrollTop = scroll;
  }
}

/** Files dropped anywhere on the page go to the library. */
export function acceptDrops({ onEnter, onFiles }) {
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const leave = () => {
    depth = 0;
    document.body.classList.remove("dropping");
  };
  addEventListener("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    if (depth++ === 0) {
      document.body.classList.add("dropping");
      onEnter();
    }
  });
  addEventListener("dragleave", (event) => holdsFiles(event) && --depth <= 0 && leave());
  addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    leave();
    onFiles(event.dataTransfer.files);
  });
}
