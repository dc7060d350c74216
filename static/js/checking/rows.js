/** The rows of a pack: each in its place, saying no more than its tier allows; their root and totals. */
import { canonical, isObject } from "./canonical.js";
import { joined, textOf } from "./octets.js";
import { Refused } from "./refused.js";
import { Tree } from "./tree.js";
import { bytesToHex, hexToBytes } from "./vendor/noble-hashes-2.4.0/utils.js";

const LINE_END = 10;
const LONGEST_ROW = 2 ** 16;
const PEOPLE = ["name", "locality", "address"];
const TIERS = ["counts", "names", "localities", "addresses"];
const RECORD =
  /^{"country":"[A-Z]{2}","language":"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?","number":[0-9]+,"version":[0-9]+,"week":"[0-9]{4}-W[0-5][0-9]"}$/;
const BEFORE_RECORD = '{"record":'.length;
const AFTER_RECORD = ',"salt":""}\n'.length + 64;
const HEXADECIMAL = /^([0-9a-f]{2}|\s)*$/i;

/** The name of the file that holds a text which people signed. */
export const textName = ({ language, version }) => `texts/${language}-${version}.txt`;

export class Rows {
  #said;
  #people;
  #begun = new Uint8Array();
  #tree = new Tree();
  #totals = { countries: new Map(), weeks: new Map(), texts: new Map() };

  constructor(said) {
    this.#said = said;
    const tier = TIERS.indexOf(said.tier);
    this.#people = tier < 0 ? null : PEOPLE.slice(0, tier);
  }

  /** Takes the next piece of the file. Throws Refused. */
  take(piece) {
    let from = 0;
    for (let end = piece.indexOf(LINE_END); end >= 0; end = piece.indexOf(LINE_END, from)) {
      const row = piece.subarray(from, end + 1);
      this.#take(this.#begun.length ? joined(this.#begun, row) : row);
      this.#begun = new Uint8Array();
      from = end + 1;
    }
    this.#begun = joined(this.#begun, piece.subarray(from));
    if (this.#begun.length > LONGEST_ROW) throw this.#refused("row-form");
  }

  /** Sees that the rows have the root that the manifest names. Throws Refused. */
  requireRoot() {
    if (this.#begun.length) this.#take(this.#begun);
    const { size } = this.#tree;
    const said = this.#said.totals.signatures;
    if (size !== said) throw new Refused("rows", "row-count", { rows: size, said });
    const tree = { size, root: bytesToHex(this.#tree.root()) };
    if (canonical(tree) !== canonical(this.#said.tree)) throw new Refused("rows", "root");
  }

  /** Sees that they have the totals that it names. Throws Refused. */
  requireTotals() {
    const { countries, weeks, texts } = this.#counted();
    const signed = Object.fromEntries(this.#said.texts.map((one) => [textName(one), one.signatures]));
    const said = { ...this.#said.totals, texts: signed };
    const found = { signatures: this.#tree.size, countries, weeks, texts };
    if (canonical(found) !== canonical(said)) throw new Refused("totals", "totals");
  }

  #counted() {
    return Object.fromEntries(
      Object.entries(this.#totals).map(([name, counts]) => [name, Object.fromEntries(counts)]),
    );
  }

  #take(row) {
    if (row.length > LONGEST_ROW) throw this.#refused("row-form");
    const { record, salt } = this.#read(row);
    const written = row.subarray(BEFORE_RECORD, row.length - AFTER_RECORD);
    this.#tree.add(joined(hexToBytes(salt), written));
    count(this.#totals.countries, record.country);
    count(this.#totals.weeks, record.week);
    count(this.#totals.texts, textName(record));
  }

  /** Returns what a row says, which is written in it in the one way. Throws Refused. */
  #read(row) {
    let said, text, written, rest;
    try {
      text = textOf(row);
      said = JSON.parse(text);
      const isRow = isObject(said) && isObject(said.record) && typeof said.salt === "string";
      if (!isRow || !HEXADECIMAL.test(said.salt) || !this.#people) throw new TypeError("No row.");
      written = `{"record":${canonical(said.record)},"salt":"${said.salt}"}\n`;
      rest = canonical(Object.fromEntries(Object.entries(said.record).filter(this.#isNoName)));
    } catch {
      throw this.#refused("row-form");
    }
    if (written !== text || !/^[0-9a-f]{64}$/.test(said.salt) || !RECORD.test(rest)) {
      throw this.#refused("row-more");
    }
    if (said.record.number !== this.#tree.size + 1) throw this.#refused("row-place");
    return said;
  }

  #isNoName = ([name, value]) => !this.#people.includes(name) || typeof value !== "string";

  #refused(code) {
    return new Refused("rows", code, { row: this.#tree.size + 1 });
  }
}

function count(counts, name) {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
