/** The files of a pack in its ZIP, or in one that was packed anew: one after the other, and nothing besides. */
import { areSame, joined, octetsOf } from "./octets.js";
import { Refused } from "./refused.js";

const LARGEST_PACK = 2 ** 31 - 1;
const LARGEST_HEAD = 2 ** 20;
const PIECE = 2 ** 20;
const MANIFEST = "manifest.json";
const NAME = /^([A-Za-z0-9_-]{1,50}\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const TOP = /^(?!\.{1,2}\/)[^/\\:\0]{1,255}\/manifest\.json$/; // its folder was packed with it
const LEFT = // a folder, and what systems leave in folders
  /^(([A-Za-z0-9_-]{1,50}\/)?(\._[^/\\:\0]*|\.DS_Store|Thumbs\.db|desktop\.ini)?|__MACOSX\/(((?!\.\.)[^\\:\0])*\/)?(\._[^/\\:\0]*)?)$/;
const MOST_LEFT = 2 ** 14;
const MOST_EXTRA = 200;
const [STORED, DEFLATED, IS_SUMMED_AFTER, FLAGS] = [0, 8, 0x8, 0x80e];
const [HEADER, ENTRY, END] = [30, 46, 22];
const EXTRAS = [0x000a, 0x5455, 0x5855, 0x7855, 0x7875]; // when a file was written, and by whom
const refused = (code, values) => new Refused("zip", code, values);

export class Archive {
  #file;
  #files;
  #left = [];

  /** Accounts for every octet that is not in a file. Throws Refused, RangeError or TypeError. */
  static async opened(file) {
    const archive = new Archive();
    archive.#file = file;
    const [directory, count] = await archive.#directory();
    const entries = [...entriesOf(directory)].sort((one, other) => one.where - other.where);
    let at = 0;
    for (const entry of entries) {
      const end = await archive.#placed(entry);
      if (entry.where !== at) throw refused("misplaced", { name: entry.name });
      at = end;
    }
    const before = file.size - END - directory.length;
    if (at !== before || entries.length !== count) throw refused("besides");
    [archive.#files, archive.#left] = named(entries);
    return archive;
  }

  get names() {
    return [...this.#files.keys()];
  }

  /** The names of the files that were left out unread. */
  get left() {
    return this.#left;
  }

  sizeOf(name) {
    return this.#files.get(name).size;
  }

  /** Returns a file that is small in every pack. Throws RangeError for a larger one, TypeError for none. */
  async small(name) {
    if (this.sizeOf(name) > LARGEST_HEAD) throw new RangeError("This is no such file.");
    const pieces = [];
    for await (const piece of this.pieces(name)) pieces.push(piece);
    return joined(...pieces);
  }

  /** Yields a file, and never much more than its size. Throws Damaged. */
  async *pieces(name) {
    const { at, packed, method, size } = this.#files.get(name);
    const pieces = method === STORED ? this.#slices(at, packed) : this.#inflated(at, packed);
    let left = size;
    for await (const piece of pieces) {
      left -= piece.length;
      yield piece;
      if (left < 0) break;
    }
    if (left) throw new Damaged();
  }

  async *#slices(at, length) {
    for (let from = 0; from < length; from += PIECE) {
      yield this.#slice(at + from, Math.min(PIECE, length - from));
    }
  }

  async *#inflated(at, length) {
    const packed = this.#file.slice(at, at + length).stream();
    const reader = packed.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } catch (fault) {
      if (!(fault instanceof TypeError)) throw fault;
      for await (const _ of this.#slices(at, length)); // a disk that fails says so here
      throw new Damaged();
    } finally {
      reader.cancel().catch(() => {}); // whoever reads it may have enough
    }
  }

  /** Returns the directory, and how many files it says it has. */
  async #directory() {
    const { size } = this.#file;
    if (size > LARGEST_PACK) throw refused("too-large");
    const last = await this.#slice(Math.max(size - END, 0), END);
    if (last.length < END) throw refused("no-zip");
    const told = new DataView(last.buffer);
    const [count, length] = [told.getUint16(10, true), told.getUint32(12, true)];
    const end = new DataView(new ArrayBuffer(END));
    end.setUint32(0, 0x504b0506);
    end.setUint16(8, count, true);
    end.setUint16(10, count, true);
    end.setUint32(12, length, true);
    end.setUint32(16, size - END - length, true);
    const isEnd = areSame(last, new Uint8Array(end.buffer)) && size - END - length >= 0;
    if (!isEnd || length > LARGEST_HEAD) throw refused("no-zip");
    return [await this.#slice(size - END - length, length), count];
  }

  /** Notes where the content of an entry begins; returns where the next may. Throws Refused. */
  async #placed(entry) {
    const { name, where, said, packed, size, method } = entry;
    const told = viewOf(await this.#slice(where, HEADER));
    const [nameLength, extraLength] = [told.getUint16(26, true), told.getUint16(28, true)];
    const own = await this.#slice(where + HEADER, nameLength + extraLength);
    const header = saidIn(told, 6);
    entry.at = where + HEADER + nameLength + extraLength;
    let end = entry.at + packed;
    let isSame = sameNumbers(header, said);
    if (said[0] & IS_SUMMED_AFTER) {
      isSame ||= sameNumbers(header, [said[0], said[1], 0, 0, 0]);
      const after = await this.#slice(end, 16);
      const summed = numbers(said.slice(2));
      const isMarked = areSame(after, joined(octetsOf("PK\x07\x08"), summed));
      isSame &&= isMarked || areSame(after.subarray(0, 12), summed);
      end += isMarked ? 16 : 12;
    }
    const isNamed = told.getUint32(0) === 0x504b0304 && latin(own.subarray(0, nameLength)) === name;
    const isRight = isSame && isNamed && isDull(own.subarray(nameLength));
    if (!isRight || (method === STORED && packed !== size)) throw refused("misplaced", { name });
    return end;
  }

  async #slice(at, length) {
    return new Uint8Array(await this.#file.slice(at, at + length).arrayBuffer());
  }
}

/** What of a file cannot be unpacked. */
export class Damaged extends Error {}

/** Yields of each file where it is, its name, and how it is packed. Throws Refused, RangeError. */
function* entriesOf(directory) {
  for (let at = 0; at < directory.length; ) {
    const told = new DataView(directory.buffer, at, ENTRY);
    const [length, extra, comment] = [28, 30, 32].map((place) => told.getUint16(place, true));
    const begin = at + ENTRY;
    at = begin + length + extra;
    const name = latin(directory.subarray(begin, begin + length));
    if (told.getUint32(0) !== 0x504b0102) throw new RangeError("This is no entry.");
    const said = saidIn(told, 8);
    const [flags, method, , packed, size] = said;
    const isFile = [0, 4, 8].includes(told.getUint32(38, true) >>> 28); // no link
    const isMethod = (flags | FLAGS) === FLAGS && [STORED, DEFLATED].includes(method);
    const isLonger = packed > 2 * size + MOST_LEFT; // than any way to pack makes it
    if (!isFile || !isMethod || isLonger || !isDull(directory.subarray(begin + length, at)) || comment) {
      throw refused("odd", { name });
    }
    yield { name, where: told.getUint32(42, true), said, method, packed, size };
  }
}

/** Returns flags, method, CRC and sizes, as they stand in both places of a ZIP. */
function saidIn(told, at) {
  const [flags, method] = [at, at + 2].map((place) => told.getUint16(place, true));
  return [flags, method, ...[at + 8, at + 12, at + 16].map((place) => told.getUint32(place, true))];
}

/** Whether what stands beside a name says when the file was written, and by whom, alone. */
function isDull(extra) {
  const told = viewOf(extra);
  let at = 0;
  while (at < extra.length && extra.length <= MOST_EXTRA) {
    const length = told.getUint16(at + 2, true);
    if (!EXTRAS.includes(told.getUint16(at, true))) return false;
    at += 4 + length;
  }
  return at === extra.length;
}

/** Returns the files by their names in a pack, and the names of those that are left out. Throws Refused. */
function named(entries) {
  const files = new Map();
  const seen = new Set();
  const leftOut = [];
  const tops = entries.map(({ name }) => name).filter((name) => TOP.test(name));
  const isOnTop = !tops.length || entries.some(({ name }) => name === MANIFEST);
  const top = isOnTop ? "" : tops[0].slice(0, -MANIFEST.length);
  let left = LARGEST_PACK;
  for (const entry of entries) {
    const isInside = entry.name.startsWith(top);
    const name = isInside ? entry.name.slice(top.length) : entry.name;
    const isFolder = name === "" || name.endsWith("/");
    if (LEFT.test(name) && entry.size <= (isFolder ? 0 : MOST_LEFT)) {
      if (!isFolder) leftOut.push(entry.name);
      continue;
    }
    if (!isInside || !NAME.test(name) || seen.has(name.toLowerCase())) {
      throw refused("odd-name", { name: entry.name });
    }
    seen.add(name.toLowerCase());
    files.set(name, entry);
    left -= entry.size;
  }
  if (left < 0) throw refused("too-large");
  return [files, leftOut.sort()];
}

const latin = (octets) => octets.reduce((text, one) => text + String.fromCharCode(one), "");
const viewOf = (octets) => new DataView(octets.buffer, octets.byteOffset, octets.length);
const sameNumbers = (one, other) => one.every((number, at) => number === other[at]);

/** Returns numbers as a ZIP writes them. */
function numbers(each) {
  const view = new DataView(new ArrayBuffer(each.length * 4));
  each.forEach((number, at) => view.setUint32(at * 4, number, true));
  return new Uint8Array(view.buffer);
}
