// What the library sets going: files on their way to the service, a document from a link, and builds.

import * as api from "./api.js";
import { w } from "./words.js";
import { base } from "./collection.js";
import { announce, button, el } from "./dom.js";
import { problemNode } from "./side.js";

/** `doors`: changed() when there is something else to show, stored() when a document has come. */
export class LinkForm {
  constructor(doors) {
    this.doors = doors;
    this.url = "";
    this.problem = null;
    this.running = null; // AbortController of the link being fetched
  }

  async add() {
    this.problem = null;
    this.running = new AbortController();
    this.doors.changed();
    try {
      const json = { url: this.url };
      const stored = await api.body(
        await api.request("POST", `${base}/documents/link`, { json, signal: this.running.signal }),
      );
      this.url = "";
      announce(w().fetched(stored.id));
      this.doors.stored();
    } catch (problem) {
      if (problem.name !== "AbortError") this.problem = problem instanceof api.Problem ? problem : new api.Problem({ code: "broken" });
    } finally {
      this.running = null;
    }
    this.doors.changed();
  }

  node() {
    const field = el("input", {
      type: "url",
      required: true,
      maxlength: 4000,
      "aria-label": w().fromLink,
      placeholder: w().linkPlaceholder,
      readonly: Boolean(this.running),
      "data-keep": "link",
      on: { input: () => (this.url = field.value.trim()) },
    });
    field.value = this.url;
    return el(
      "details",
      { class: "from-link", open: Boolean(this.url || this.problem || this.running) },
      el("summary", { "data-keep": "from-link" }, w().fromLink),
      el(
        "form",
        {
          class: "name-form",
          on: {
            submit: (event) => {
              event.preventDefault();
              if (!this.running) this.add();
            },
          },
        },
        field,
        this.running
          ? button(w().stop, () => this.running?.abort(), "quiet edged", { "data-keep": "link-go" })
          : el("button", { type: "submit", class: "quiet edged", "data-keep": "link-go" }, w().addLink),
      ),
      this.running && el("p", { class: "facts", role: "status" }, w().fetching),
      this.problem && problemNode(this.problem),
    );
  }
}

const AGAIN_MS = 1_000; // between two tries to follow a build that fell silent
const OTHER_MS = 2_000; // between two tries to start one while a terminal builds
const MISSES = 3;
const RUNNING = new Set(["queued", "running"]);

const pause = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

/**
 * One upload and one build at a time; what is asked for meanwhile comes after. `doors`: changed() when there
 * is something else to show, ended(job) when a build has ended, failed(problem),
 * uploaded(), stopped(files) with those that were not sent.
 */
export class Work {
  constructor(doors) {
    this.doors = doors;
    this.files = []; // {name, state: waiting | sending | done | failed, share, replaced, problem}
    this.job = null; // {words(), done, total, eta} of the build
    this.fewer = false; // whether the build that is wanted may have far fewer documents
    this.wanted = false; // a build, as soon as the one that runs has ended
    this.sending = null; // AbortController of the upload
    this.building = null; // AbortController of waiting and following
    this.following = null; // id of the job
  }

  /** `files`: [{file, folder}]. Each is stored by itself, so that one that is refused keeps none back. */
  async upload(files) {
    const some = files.map(({ file, folder }) => ({ name: file.name, state: "waiting", share: 0, file, folder }));
    if (this.sending) {
      this.files.push(...some);
      return;
    }
    this.files = some;
    this.sending = new AbortController();
    const { signal } = this.sending;
    let stored = 0;
    for (let n = 0; n < this.files.length && !signal.aborted; n++) {
      const one = this.files[n];
      one.state = "sending";
      this.doors.changed();
      const onProgress = (share) => {
        one.share = share;
        this.doors.changed();
      };
      try {
        const reply = await api.upload(one.file, { folder: one.folder, onProgress, signal });
        Object.assign(one, { state: "done", share: 1, replaced: reply.data?.[0]?.replaced ?? false });
        stored++;
      } catch (problem) {
        if (problem.name === "AbortError") break;
        Object.assign(one, { state: "failed", problem });
      }
      one.file = null; // its bytes are not needed any more
    }
    const rest = this.files.filter((one) => one.state === "waiting" || one.state === "sending");
    this.files = this.files.filter((one) => !rest.includes(one));
    this.sending = null;
    this.doors.changed();
    if (rest.length) this.doors.stopped(rest.map(({ file, folder }) => ({ file, folder })));
    if (!stored) return;
    this.doors.uploaded();
    await this.build();
  }

  /**
   * Builds what has changed. While another build runs this one waits, and says so. `fewer`: documents were taken away here,
   * so that many of them may be gone.
   */
  async build({ fewer = false } = {}) {
    this.wanted = true;
    this.fewer ||= fewer;
    if (this.building) return;
    await this.go(async (signal) => {
      while (this.wanted) {
        this.wanted = false;
        let job;
        try {
          job = await api.startJob(this.fewer);
          this.fewer = false;
        } catch (problem) {
          if (problem.code !== "index_job_running") throw problem;
          this.wanted = true;
          await this.other(signal);
          continue;
        }
        this.doors.ended(await this.follow(job, signal));
      }
    });
  }

  /** Follows a build that runs already: after a reload of the page, or started by somebody else. */
  async resume() {
    if (this.building) return;
    let running;
    try {
      running = (await api.jobs()).data.find((job) => RUNNING.has(job.status));
    } catch {
      return; // only a comfort: what is wrong shows where it matters
    }
    if (running && !this.building)
      await this.go(async (signal) => this.doors.ended(await this.follow(running, signal)));
  }

  /** Stops the upload, or the build; a build that only waits is given up. */
  async cancel() {
    if (this.sending) {
      this.sending.abort();
      return;
    }
    this.wanted = false;
    if (!this.following) {
      this.building?.abort();
      return;
    }
    try {
      await api.cancelJob(this.following);
    } catch (problem) {
      this.doors.failed(problem);
    }
  }

  async go(run) {
    this.building = new AbortController();
    try {
      await run(this.building.signal);
    } catch (problem) {
      if (problem.name !== "AbortError") this.doors.failed(problem);
    } finally {
      this.wanted = false;
      this.building = null;
      this.following = null;
      this.job = null;
      this.doors.changed();
    }
  }

  async other(signal) {
    const running = (await api.jobs()).data.find((job) => RUNNING.has(job.status));
    if (running) {
      await this.follow(running, signal);
      return;
    }
    // A terminal builds in the same folder: there is no job here to follow.
    this.job = { words: () => w().otherBuild };
    this.doors.changed();
    await pause(OTHER_MS, signal);
  }

  /** The job as it ended. */
  async follow(job, signal) {
    this.following = job.id;
    let now = job;
    try {
      for (let misses = 0; RUNNING.has(now.status); ) {
        this.show(now);
        try {
          for await (now of api.watch(job.id, signal)) {
            misses = 0;
            this.show(now);
          }
          if (RUNNING.has(now.status)) throw new api.Problem({ code: "broken" });
        } catch (problem) {
          // The service may restart under a running job; three silences in a row are a failure.
          if (signal.aborted || problem.status === 404 || ++misses === MISSES) throw problem;
          await pause(AGAIN_MS, signal);
        }
      }
    } finally {
      this.following = null;
    }
    return now;
  }

  show({ progress }) {
    const { stage = "queued", done, total, eta_s: eta } = progress ?? {};
    this.job = { words: () => w().stage[stage] ?? w().stage.queued, done, total, eta };
    this.doors.changed();
  }
}
