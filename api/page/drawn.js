// The text of a document drawn as what it is: rows of a table below each other, items of a list with their numbers. Every
// character of it is there, in its order; what only parts it, such as the bar between two cells, is not seen.

import { el } from "./dom.js";

const LETTERS = /[\p{L}\p{N}]/u;
const BULLET = /^\s*[^\p{L}\p{N}\s¿¡"'«“(]/u;

/** Puts the pieces of a stretch where they belong; `parts` as the service tells them. */
export class Drawn {
  constructor(node, parts) {
    this.node = node;
    this.parts = parts;
    this.close();
  }

  /** What comes next stands outside of every table and list. */
  close() {
    this.finishRow();
    this.group = null; // the table or list
    this.kind = ""; // and which one it is
    this.part = null; // the row, item or code in it
    this.number = null; // and which one that is
    this.cell = null;
  }

  /**
   * The nodes that the text of a piece goes to, each with its part of it.
   * @returns {[HTMLElement, string][]}
   */
  placesOf(piece) {
    const { part: number, text } = piece;
    if (number === null) return this.outside(text);
    if (number !== this.number) this.begin(number, piece);
    const part = this.parts[number];
    if (part.kind === "code") return [[this.part, text]];
    if (part.kind === "item") return [[piece.cell === null ? this.part : this.inCell(0, "item-no"), text]];
    if (piece.cell !== null) return [[this.inCell(piece.cell, "cell"), text]];
    this.cell = null;
    const at = text.search(LETTERS);
    if (!this.named || at < 0) return [[this.gap(this.part), text]];
    const name = el("span", { class: "cell-name" });
    /** @type {[HTMLElement, string][]} */
    const places = [[name, text.slice(at)]];
    if (at > 0) places.unshift([this.gap(this.part), text.slice(0, at)]);
    this.line = el("span", { class: "row-line" }, name);
    this.part.append(this.line);
    return places;
  }

  /** @returns {[HTMLElement, string][]} */
  outside(text) {
    if (!this.group) return [[this.node, text]];
    // The end of the line of the last row; lines that are left empty are left by the style.
    const ended = /^\s*\n/.exec(text)?.[0] ?? (text.trim() ? "" : text);
    /** @type {[HTMLElement, string][]} */
    const places = ended ? [[this.gap(this.group), ended]] : [];
    if (ended !== text) {
      this.close();
      places.push([this.node, text.slice(ended.length)]);
    }
    return places;
  }

  begin(number, piece) {
    const { kind, level, group, cells } = this.parts[number];
    // "Month: January; Fee: 30" says the names of its columns itself.
    const named = kind === "row" && piece.cell === null && LETTERS.test(piece.text);
    const of = `${kind} ${named} ${group}`;
    this.finishRow();
    if (of !== this.kind || kind === "code") {
      this.close();
      this.kind = of;
      this.named = named;
      this.group = this.holder(kind);
    }
    this.number = number;
    this.cell = null;
    this.part = this.holderOf(kind, level, cells, piece);
    this.group.append(this.part);
  }

  holder(kind) {
    const group = el("span", { class: kind === "row" ? (this.named ? "rows" : "table") : `${kind}s` });
    if (kind === "row") group.setAttribute("role", this.named ? "list" : "table");
    if (kind === "item") group.setAttribute("role", "list");
    // A table that is broader than the panel is scrolled sideways, by keyboard too.
    this.node.append(group.className === "table" ? el("span", { class: "table-wide", tabindex: "0" }, group) : group);
    return group;
  }

  holderOf(kind, level, cells, piece) {
    if (kind === "row") {
      this.columns = this.named ? 0 : (cells ?? 0);
      this.head = level === 1;
      return el("span", { class: this.head ? "row head" : "row", role: this.named ? "listitem" : "row" });
    }
    if (kind === "code") return el("span", { class: "code" });
    const item = el("span", { class: cells || BULLET.test(piece.text) ? "item" : "item bullet", role: "listitem" });
    item.style.setProperty("--level", String(Math.min(level, 6)));
    return item;
  }

  inCell(column, name) {
    if (this.cell && this.column === column) return this.cell;
    const role = name === "cell" && !this.named ? (this.head ? "columnheader" : "cell") : null;
    if (role) this.fill(column);
    this.column = column;
    this.cell = el("span", { class: name, role });
    (this.line ?? this.part).append(this.cell);
    return this.cell;
  }

  // Empty cells are no part of the text.
  fill(column) {
    const there = [...this.part.children].filter((one) => one.className === "cell").length;
    for (let n = there; n < column; n++)
      this.part.append(el("span", { class: "cell", role: this.head ? "columnheader" : "cell" }));
  }

  finishRow() {
    if (this.part && this.columns) this.fill(this.columns);
    this.columns = 0;
    this.line = null; // the name of a column and the cell after it
  }

  gap(to) {
    const gap = el("span", { class: "gap" });
    to.append(gap);
    return gap;
  }
}
