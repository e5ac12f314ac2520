// The talk: the turns of one conversation, the question being answered, and what is kept of them.
// Of a long conversation only the last turns are drawn; the earlier ones come when they are asked for, or printed.

import * as api from "./api.js";
import { Turn } from "./answer.js";
import { hidePreview } from "./citation.js";
import { announce, button } from "./dom.js";
import { newId } from "./talks.js";
import { scopeOf } from "./scope.js";
import { w } from "./words.js";

const PATIENCE_S = 60; // a longer wait than this is the reader's to decide about
const DRAWN = 30; // turns that are drawn at once

/**
 * `doors`: openPlace, near(place), ask(question), build, add() documents, busy(is), answered(turn), changed() after anything that is shown or kept has changed, named() when a new
 * conversation has got its id.
 */
export class Talk {
  constructor(thread, store, doors) {
    this.thread = thread;
    this.store = store;
    this.doors = doors;
    this.running = null; // AbortController of the question being answered
    /** @type {Turn[]} */
    this.turns = [];
    this.from = 0; // the first turn that is drawn
    this.id = null;
    this.opening = 0; // counts up, so that of two conversations that are opened the last one stays
    this.leading = null; // AbortController of the search for what can be asked next
    this.scope = null; // where the next question looks for its answer, see scope.js
    this.earlier = button("", () => this.drawEarlier(), "quiet edged earlier");
    // Another tab went on with this conversation, or deleted it.
    store.onChange((id) => id === this.id && this.merge());
  }

  /** Starts a new conversation; the one before is in the list. */
  begin() {
    this.show(null, []);
  }

  /** Shows a kept conversation; false when it is not there. */
  async open(id) {
    const mine = ++this.opening;
    const kept = id && this.store.get(id);
    const turns = kept ? await this.store.turns(id).catch(() => []) : [];
    if (mine !== this.opening || !turns.length) return false;
    this.show(id, turns);
    this.toTurn(this.turns.at(-1));
    return true;
  }

  show(id, turns) {
    this.opening++;
    this.stop();
    hidePreview();
    for (const turn of this.turns) turn.settle("stopped");
    this.id = id;
    this.turns = [];
    for (const kept of turns) this.turns.push(this.turn({ ...kept, previous: kept.alone ? [] : this.previous(this.turns) }));
    this.scope = this.turns.at(-1)?.scope ?? null;
    this.store.open = this.id;
    this.drawFrom(this.turns.length - DRAWN);
    this.doors.changed();
  }

  turn(asked) {
    return new Turn(asked, {
      openPlace: this.doors.openPlace,
      near: this.doors.near,
      build: this.doors.build,
      collections: this.doors.collections,
      add: this.doors.add,
      ask: (question) => this.doors.ask(question),
      retry: (turn, changes) => this.retry(turn, changes),
      changed: (turn) => this.keep(turn),
    });
  }

  // Has the turns from this one on be drawn, and none before it.
  drawFrom(from) {
    this.from = Math.max(0, from);
    this.turns.forEach((turn, n) => turn.shown(n >= this.from));
    const nodes = this.turns.slice(this.from).map((turn) => turn.node);
    this.thread.replaceChildren(...(this.from ? [this.earlier] : []), ...nodes);
    this.nameEarlier();
  }

  nameEarlier() {
    this.earlier.textContent = w().earlier(this.from);
  }

  /** Draws some more of the earlier turns; what is being read stays where it is. */
  drawEarlier() {
    const first = this.turns[this.from].node;
    const before = first.getBoundingClientRect().top;
    this.measured();
    this.drawFrom(this.from - DRAWN);
    this.thread.scrollTop += first.getBoundingClientRect().top - before;
    // The button that was pressed may be gone; reading goes on where the earlier ones begin.
    /** @type {any} */ (this.turns[this.from].node.querySelector(".question"))?.focus({ preventScroll: true });
  }

  /** Draws all of it, for the printer; the function that it gives takes that back. */
  drawAll() {
    const [from, top] = [this.from, this.thread.scrollTop];
    if (from) this.drawFrom(0);
    return () => {
      if (from) this.drawFrom(from);
      this.thread.scrollTop = top;
    };
  }

  /** Every citation of the conversation: {place, trigger}, the button that opens it. */
  citations() {
    return this.turns.flatMap((turn) => turn.citations());
  }

  /** Asks; `lang` overrides the language found out from the words. */
  async ask(question, lang = null) {
    if (this.running) return;
    this.leading?.abort();
    this.turns.at(-1)?.lead([]);
    const isNew = !this.id;
    this.id ??= newId();
    this.opening++;
    this.store.open = this.id;
    const turn = this.turn({ question, lang, previous: this.previous(this.turns), scope: this.scope });
    this.turns.push(turn);
    this.drawLast(turn);
    if (isNew) this.doors.named();
    await this.run(turn);
  }

  // A new turn comes below; of those above as many go as are not drawn when a conversation is opened.
  drawLast(turn) {
    turn.shown(true);
    this.thread.append(turn.node);
    const from = this.turns.length - DRAWN;
    if (from <= this.from) return;
    for (const one of this.turns.slice(this.from, from)) {
      one.shown(false);
      one.node.remove();
    }
    this.from = from;
    if (!this.earlier.isConnected) this.thread.prepend(this.earlier);
    this.nameEarlier();
  }

  /** Asks a turn again; `changes` may hold another `lang` or other `previous` questions. */
  async retry(turn, { automatic = false, ...changes } = {}) {
    if (this.running || !this.turns.includes(turn)) {
      if (automatic) turn.fail(turn.problem);
      return;
    }
    turn.retried = automatic;
    Object.assign(turn, changes);
    await this.run(turn);
  }

  /** Has the questions from now on look there. */
  narrow(scope) {
    this.scope = scopeOf(scope);
    this.doors.changed();
  }

  stop() {
    this.running?.abort();
  }

  // The questions before, for the service to complete one that leans on them.
  previous(turns) {
    const some = [];
    for (let n = turns.length - 1; n >= 0 && some.length < api.limit("max_previous", 1); n--) {
      const { body, question } = turns[n];
      if (body) some.unshift({ query: question, document_ids: [...new Set(turns[n].places().map((place) => place.id))] });
    }
    return some;
  }

  async run(turn) {
    const running = new AbortController();
    this.running = running;
    this.doors.busy(true);
    turn.begin();
    this.doors.changed();
    this.toTurn(turn);
    try {
      turn.finish(
        await api.ask(turn.asked(), {
          signal: running.signal,
          onStep: (event, data) => turn.onStep(event, data),
        }),
      );
    } catch (problem) {
      if (problem.name === "AbortError") turn.stop();
      else this.failed(turn, problem instanceof api.Problem ? problem : new api.Problem({ code: "broken" }));
    } finally {
      this.running = null;
      this.doors.busy(false);
    }
    // A conversation that was left meanwhile is not spoken of any more.
    if (!this.turns.includes(turn)) return;
    announce(...turn.spoken());
    this.keep(turn);
    this.doors.answered(turn);
    await this.lead(turn);
  }

  // Looks for what can be asked next, while the answer is read.
  async lead(turn) {
    const [place] = turn.places();
    if (!place || turn.body.status === "abstained" || (turn.body.kind ?? "answer") !== "answer") return;
    const leading = new AbortController();
    this.leading = leading;
    try {
      const found = await api.nextQuestions(place.id, place.start, turn.body.language, leading.signal);
      const asked = new Set(this.turns.map((one) => one.question));
      if (!leading.signal.aborted) turn.lead(found.filter(({ text }) => !asked.has(text)));
    } catch {
      // Only a comfort: the answer is there.
    }
  }

  failed(turn, problem) {
    const again = problem.retryAfterS !== null && problem.retryAfterS <= PATIENCE_S && !turn.retried;
    turn.fail(problem, again ? problem.retryAfterS : null);
  }

  async keep(turn) {
    const id = this.id;
    const kept = this.store.keep(id, turn.kept());
    this.doors.changed();
    await kept;
    // Whether it is kept, and in which order the list has it, is known now.
    this.doors.changed();
  }

  // Takes over what another tab added to this conversation, and loses nothing of its own.
  async merge() {
    const id = this.id;
    if (!this.store.get(id)) {
      if (!this.running) this.begin();
      return;
    }
    const kept = await this.store.turns(id).catch(() => []);
    if (id !== this.id) return;
    const known = new Map(this.turns.map((turn) => [turn.id, turn]));
    let more = false;
    for (const one of kept) {
      const turn = known.get(one.id);
      if (!turn) {
        this.turns.push(this.turn({ ...one, previous: one.alone ? [] : this.previous(this.turns) }));
        more = true;
      } else if (one.updated > turn.updated && turn.state !== "asking" && turn.state !== "problem") {
        turn.take(one);
      }
    }
    if (!more) return;
    this.turns.sort((a, b) => a.at - b.at);
    this.drawFrom(this.from);
    this.doors.changed();
  }

  draw() {
    for (const turn of this.turns) turn.draw();
    this.nameEarlier();
  }

  // How high the turns are is known once they are laid out; after two frames they keep that out of sight, too.
  measured() {
    this.thread.classList.add("measured");
    requestAnimationFrame(() => requestAnimationFrame(() => this.thread.classList.remove("measured")));
  }

  toTurn(turn) {
    this.measured(); // the turn before is not the last one any more, and as high as it was with all that is open in it
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.thread.scrollTo({
      top: turn.node.offsetTop + 4,
      behavior: calm ? "instant" : "smooth",
    });
  }
}
