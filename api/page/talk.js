// The talk: the turns of one conversation, the question being answered, and what is kept of them.

import { limit } from "./service.js";
import * as api from "./api.js";
import { Turn } from "./answer.js";
import { hidePreview } from "./citation.js";
import { newId } from "./conversations.js";
import { announce } from "./dom.js";

const PATIENCE_S = 60; // a longer wait than this is the reader's to decide about

/** `doors`: openPlace, build, busy(is), changed() after anything that is shown or kept has changed. */
export class Talk {
  constructor(thread, store, doors) {
    this.thread = thread;
    this.store = store;
    this.doors = doors;
    this.running = null; // AbortController of the question being answered
    this.turns = [];
    this.id = null;
    this.started = null;
    this.scope = null; // where the next question looks for its answer, see api.js
    store.onChange((id) => {
      // Another tab went on with this conversation, or deleted it.
      if (this.running || !this.id || (id !== null && id !== this.id)) return;
      if (store.get(this.id)) this.open(this.id);
      else this.begin();
    });
  }

  /** Starts a new conversation; the one before is in the list. */
  begin() {
    this.show(null);
  }

  /** Shows a kept conversation; false when it is not there. */
  open(id) {
    const kept = id && this.store.get(id);
    if (!kept) return false;
    this.show(kept);
    this.toTurn(this.turns.at(-1));
    return true;
  }

  show(conversation) {
    this.stop();
    hidePreview();
    for (const turn of this.turns) turn.settle("stopped");
    this.id = conversation?.id ?? null;
    this.started = conversation?.started ?? null;
    this.turns = (conversation?.turns ?? []).map((kept) => this.turn(kept));
    this.scope = this.turns.at(-1)?.scope ?? null;
    this.thread.replaceChildren(...this.turns.map((turn) => turn.node));
    this.store.open = this.id;
    this.doors.changed();
  }

  turn(asked) {
    return new Turn(asked, {
      openPlace: this.doors.openPlace,
      build: this.doors.build,
      retry: (turn, changes) => this.retry(turn, changes),
      changed: () => this.keep(),
    });
  }

  /** Every citation of the conversation: {place, trigger}, the button that opens it. */
  citations() {
    return this.turns.flatMap((turn) => turn.citations());
  }

  /** Asks; `lang` overrides the language found out from the words. */
  async ask(question, lang = null) {
    if (this.running) return;
    this.id ??= newId();
    this.started ??= Date.now();
    this.store.open = this.id;
    const turn = this.turn({ question, lang, previous: this.previous(), scope: this.scope });
    this.turns.push(turn);
    this.thread.append(turn.node);
    await this.run(turn);
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
    this.scope = scope?.document || scope?.language ? scope : null;
    this.doors.changed();
  }

  stop() {
    this.running?.abort();
  }

  // The questions before, for the service to complete one that leans on them.
  previous() {
    return this.turns
      .filter((turn) => turn.body)
      .slice(-limit("max_previous", 1))
      .map((turn) => ({
        query: turn.question,
        document_ids: [...new Set(turn.places().map((place) => place.id))],
      }));
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
    this.keep();
  }

  failed(turn, problem) {
    const again = problem.retryAfterS !== null && problem.retryAfterS <= PATIENCE_S && !turn.retried;
    turn.fail(problem, again ? problem.retryAfterS : null);
  }

  keep() {
    this.store.keep({
      id: this.id,
      started: this.started,
      updated: Date.now(),
      turns: this.turns.map((turn) => turn.kept()),
    });
    this.doors.changed();
  }

  draw() {
    for (const turn of this.turns) turn.draw();
  }

  toTurn(turn) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.thread.scrollTo({
      top: turn.node.offsetTop + 4,
      behavior: calm ? "instant" : "smooth",
    });
  }
}
