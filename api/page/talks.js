// The conversations as the browser keeps them: in its database, each turn by itself, and nowhere else.
//
// A turn is written alone, so that two tabs of one conversation add to it and neither takes away what the other wrote.
// A conversation is {id, collection, started, updated, title, pinned, first, count}: `title` is the name that the reader gave
// it, `first` its first question, `count` the number of its turns. A turn is what Turn.kept() gives. Times are in ms.

import { collection, kept } from "./collection.js";
import { slim } from "./cited.js";

const NAME = "fuente";
const VERSION = 1;
const CHANNEL = "fuente.conversations";
const OPEN = kept("open"); // of this tab: the conversation that a reload shows again
const OLD = kept("conversation."); // how an earlier version of the page kept them
const OLD_VERSION = 1;

export const newId = () =>
  `${Date.now().toString(36)}-${Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(36)).join("")}`;

/** The name of a conversation: the reader's own, else its first question. */
export const titleOf = (conversation) => conversation.title || conversation.first;

/** @type {<T>(asked: IDBRequest<T>) => Promise<T>} */
const reply = (asked) =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

/** @type {(transaction: IDBTransaction) => Promise<void>} */
const done = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    transaction.onerror = () => reject(transaction.error);
  });

/** @type {() => Promise<IDBDatabase>} */
const opened = () =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("talks", { keyPath: "id" }).createIndex("collection", "collection");
      asked.result.createObjectStore("turns", { keyPath: ["talk", "id"] });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });

const turnsOf = (id) => IDBKeyRange.bound([id], [id, []]);
const inOrder = (turns) => turns.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));

/** Letters as they are looked for: without case and accents, ñ apart. */
export const folded = (text) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/n\u0303/g, "ñ")
    .replace(/\p{M}/gu, "");

/** Has the conversations of a collection follow its new name. */
export async function moveTalks(name, wanted) {
  try {
    const base = await opened();
    const transaction = base.transaction("talks", "readwrite");
    const store = transaction.objectStore("talks");
    for (const one of await reply(store.index("collection").getAll(name))) store.put({ ...one, collection: wanted });
    await done(transaction);
    base.close();
  } catch {
    // Then they stay under the old name, for whoever gives that back.
  }
}

/** The kept conversations. Where the browser keeps nothing they last as long as the page. */
export class Conversations {
  constructor() {
    /** @type {null | "blocked" | "full"} */
    this.trouble = null;
    this.talks = new Map(); // by id, as far as is known
    this.memory = new Map(); // turns that could not be stored, by conversation: Map of turns by id
    /** @type {IDBDatabase | null} */
    this.base = null;
    /** @type {(id: string) => void} */
    this.listener = () => {};
    this.channel = null;
    try {
      this.channel = new BroadcastChannel(CHANNEL);
      this.channel.onmessage = ({ data }) => this.heard(data);
    } catch {
      // Another tab then shows what is new when it is loaded again.
    }
    /** Resolves when what was kept is known. */
    this.ready = this.start();
  }

  async start() {
    try {
      this.base = await opened();
      this.base.onversionchange = () => this.base?.close();
      await this.moveOld();
      await this.learn();
    } catch {
      this.base = null;
      this.trouble = "blocked";
    }
  }

  async learn() {
    const found = await reply(this.base.transaction("talks").objectStore("talks").index("collection").getAll(collection));
    const known = new Map(found.map((one) => [one.id, one]));
    for (const id of this.memory.keys()) if (!known.has(id) && this.talks.has(id)) known.set(id, this.talks.get(id));
    this.talks = known;
  }

  // What an earlier version kept goes into the database, and leaves the storage when it is there.
  async moveOld() {
    let keys;
    try {
      keys = Object.keys(localStorage).filter((key) => key.startsWith(OLD));
    } catch {
      return;
    }
    for (const key of keys) {
      let old = null;
      try {
        old = JSON.parse(localStorage.getItem(key));
      } catch {
        continue; // written by something else; it is left where it is
      }
      if (old?.version !== OLD_VERSION || !Array.isArray(old.turns) || !old.turns.length) continue;
      const turns = old.turns.map((turn, n) => ({
        ...turn,
        previous: undefined,
        talk: old.id,
        id: `${n}`.padStart(6, "0"),
        at: old.started + n,
        updated: old.updated,
        body: slim(turn.body),
      }));
      await this.write({ ...described(old.id, turns), started: old.started, updated: old.updated }, turns);
      localStorage.removeItem(key);
    }
  }

  /** Puts a conversation and these turns of it where they are kept. */
  async write(talk, turns) {
    const transaction = this.base.transaction(["talks", "turns"], "readwrite");
    const held = done(transaction);
    transaction.objectStore("talks").put(talk);
    for (const turn of turns) transaction.objectStore("turns").put(turn);
    await held;
  }

  /** What is known of a conversation, or undefined. */
  get(id) {
    return this.talks.get(id);
  }

  /** All of them: those that are pinned, then the latest first. */
  list() {
    return [...this.talks.values()].sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.updated - a.updated);
  }

  /** The turns of a conversation, oldest first. */
  async turns(id) {
    await this.ready;
    const found = new Map();
    if (this.base) {
      const stored = await reply(this.base.transaction("turns").objectStore("turns").getAll(turnsOf(id)));
      for (const turn of stored) found.set(turn.id, turn);
    }
    for (const turn of this.memory.get(id)?.values() ?? []) found.set(turn.id, turn);
    return inOrder([...found.values()]);
  }

  /** Keeps a turn of a conversation, new or changed; `trouble` says afterwards whether that held. */
  async keep(id, turn) {
    const now = Date.now();
    const waiting = this.memory.get(id) ?? new Map();
    waiting.set(turn.id, { ...turn, talk: id });
    this.memory.set(id, waiting);
    const known = this.talks.get(id);
    const isNew = !known;
    if (isNew) this.talks.set(id, described(id, [turn]));
    else known.updated = now;
    await this.ready;
    await this.attempt(async () => {
      const transaction = this.base.transaction(["talks", "turns"], "readwrite");
      const held = done(transaction);
      held.catch(() => {}); // told below
      const [talks, turns] = [transaction.objectStore("talks"), transaction.objectStore("turns")];
      const some = [...waiting.values()];
      for (const one of some) turns.put(one);
      const [stored, count] = await Promise.all([reply(talks.get(id)), reply(turns.count(turnsOf(id)))]);
      const talk = { ...(stored ?? this.talks.get(id)), updated: now, count };
      talks.put(talk);
      await held;
      this.talks.set(id, talk);
      for (const one of some) if (waiting.get(one.id) === one) waiting.delete(one.id);
      if (!waiting.size) this.memory.delete(id);
    });
    if (this.trouble) this.talks.get(id).count = (await this.turns(id).catch(() => [...waiting.values()])).length;
    this.tell(id);
  }

  /** Gives a conversation another name or pins it; what is not given stays as it is. */
  async change(id, changes) {
    const known = this.talks.get(id);
    if (!known) return;
    Object.assign(known, changes);
    await this.attempt(async () => {
      const transaction = this.base.transaction("talks", "readwrite");
      const held = done(transaction);
      const stored = await reply(transaction.objectStore("talks").get(id));
      if (stored) transaction.objectStore("talks").put({ ...stored, ...changes });
      await held;
    });
    this.tell(id);
  }

  /** Deletes them and gives back what was deleted, for `restore`. */
  async remove(ids) {
    const gone = await Promise.all(
      ids.filter((id) => this.talks.has(id)).map(async (id) => ({ talk: this.talks.get(id), turns: await this.turns(id) })),
    );
    for (const id of ids) {
      this.talks.delete(id);
      this.memory.delete(id);
    }
    await this.attempt(async () => {
      const transaction = this.base.transaction(["talks", "turns"], "readwrite");
      const held = done(transaction);
      for (const id of ids) {
        transaction.objectStore("talks").delete(id);
        transaction.objectStore("turns").delete(turnsOf(id));
      }
      await held;
    });
    for (const id of ids) this.tell(id);
    return gone;
  }

  /** Brings back what `remove` gave. */
  async restore(gone) {
    for (const { talk, turns } of gone) {
      this.talks.set(talk.id, talk);
      this.memory.set(talk.id, new Map(turns.map((turn) => [turn.id, turn])));
      await this.attempt(async () => {
        await this.write(talk, turns);
        this.memory.delete(talk.id);
      });
      this.tell(talk.id);
    }
  }

  /** The ids of the conversations with these words in their name, a question or an answer. */
  async search(words) {
    const wanted = folded(words).split(/\s+/).filter(Boolean);
    const texts = new Map([...this.talks.values()].map((talk) => [talk.id, [talk.title ?? ""]]));
    const add = ({ talk, question, body }) => texts.get(talk)?.push(question, body?.answer ?? "", body?.abstention?.message ?? "");
    if (this.base) {
      await new Promise((resolve, reject) => {
        const asked = this.base.transaction("turns").objectStore("turns").openCursor();
        asked.onerror = () => reject(asked.error);
        asked.onsuccess = () => {
          if (!asked.result) return resolve(null);
          add(asked.result.value);
          asked.result.continue();
        };
      });
    }
    for (const waiting of this.memory.values()) for (const turn of waiting.values()) add(turn);
    const holds = (parts) => {
      const text = folded(parts.join("\n"));
      return wanted.every((word) => text.includes(word));
    };
    return new Set([...texts].filter(([, parts]) => holds(parts)).map(([id]) => id));
  }

  // Does something in the database. What could not be done stays in memory, and `trouble` says so.
  async attempt(doing) {
    try {
      if (!this.base) throw new Error("no database");
      await doing();
      this.trouble = null;
    } catch (error) {
      this.trouble = this.base && error?.name === "QuotaExceededError" ? "full" : "blocked";
    }
  }

  tell(id) {
    this.channel?.postMessage(id);
  }

  async heard(id) {
    await this.ready;
    await this.learn().catch(() => {});
    this.listener(id);
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

  /** Calls `listener(id)` when another tab changed or deleted a conversation. */
  onChange(listener) {
    this.listener = listener;
  }
}

function described(id, turns) {
  const [{ at, question }] = turns;
  return { id, collection, started: at, updated: Date.now(), title: "", pinned: false, first: question, count: turns.length };
}
