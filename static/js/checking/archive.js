/** The ZIP of a pack: its files stand in it as they are, and each other octet is one that every ZIP has. */
import { crc32 } from "./crc32.js";
import { areSame, joined, octetsOf } from "./octets.js";
import { Refused } from "./refused.js";

const LARGEST_PACK = 2 ** 31 - 1;
const PIECE = 2 ** 20;
const NAME = /^([A-Za-z0-9_-]{1,50}\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const HEADER = 30;
const ENTRY = 46;
const END = 22;
const BEFORE_END = 20; // where a ZIP of more than 4 GiB says so

export class Archive {
  #file;
  #places;

  /** Accounts for every octet that is not in a file. Throws Refused. */
  static async opened(file) {
    const archive = new Archive();
    archive.#file = file;
    archive.#places = new Map();
    const [directory, before] = await archive.#directory();
    const entries = [];
    let at = 0;
    for (let from = 0; from < directory.length; ) {
      const told = new DataView(directory.buffer, from, ENTRY);
      const length = told.getUint16(28, true);
      const name = String.fromCharCode(...directory.subarray(from + ENTRY, from + ENTRY + length));
      if (told.getUint32(0) !== 0x504b0102) throw new RangeError("This is no entry.");
      if (!NAME.test(name) || archive.#places.has(name)) throw refused("odd-name", { name });
      const place = { at, size: told.getUint32(24, true), crc: told.getUint32(16, true) };
      const [header, entry] = partsOf(octetsOf(name), place);
      const isThere = areSame(await archive.#slice(at, header.length), header);
      if (!isThere || told.getUint32(42, true) + before !== at || place.size > LARGEST_PACK) {
        throw refused("not-stored", { name });
      }
      place.at += header.length;
      at = place.at + place.size;
      entries.push(entry);
      archive.#places.set(name, place);
      from += ENTRY + length + told.getUint16(30, true) + told.getUint16(32, true);
    }
    await archive.#requireEnd(at, entries);
    return archive;
  }

  get names() {
    return [...this.#places.keys()];
  }

  sizeOf(name) {
    return this.#places.get(name).size;
  }

  /** Returns a small file. Throws RangeError for a larger one, TypeError for none. */
  async read(name, most) {
    if (this.sizeOf(name) > most) throw new RangeError("This is no such file.");
    const pieces = [];
    for await (const piece of this.pieces(name)) pieces.push(piece);
    return joined(...pieces);
  }

  /** Yields a file piece by piece. Throws RangeError where its checksum is another. */
  async *pieces(name) {
    const { at, size, crc } = this.#places.get(name);
    let sum = 0;
    for (let from = 0; from < size; from += PIECE) {
      const piece = await this.#slice(at + from, Math.min(PIECE, size - from));
      sum = crc32(piece, sum);
      yield piece;
    }
    if (sum !== crc) throw new RangeError("This file is damaged.");
  }

  /** Returns the directory, and how much stands before what it knows of. */
  async #directory() {
    const { size } = this.#file;
    const end = new Uint8Array(BEFORE_END + END);
    const last = await this.#slice(Math.max(size - end.length, 0), end.length);
    end.set(last, end.length - last.length);
    const told = new DataView(end.buffer);
    const isEnd = told.getUint32(BEFORE_END) === 0x504b0506 && told.getUint16(34, true) === 0;
    if (!isEnd || told.getUint32(0) === 0x504b0607) throw refused("no-zip");
    if (size > LARGEST_PACK) throw refused("too-large");
    const length = told.getUint16(32, true);
    const begin = size - END - length;
    if (begin < 0) throw new RangeError("The directory begins before the file.");
    return [await this.#slice(begin, length), begin - told.getUint32(36, true)];
  }

  async #requireEnd(at, entries) {
    const directory = joined(...entries);
    const end = new DataView(new ArrayBuffer(END));
    end.setUint32(0, 0x504b0506);
    end.setUint16(8, entries.length, true);
    end.setUint16(10, entries.length, true);
    end.setUint32(12, directory.length, true);
    end.setUint32(16, at, true);
    const rest = joined(directory, new Uint8Array(end.buffer));
    const found = await this.#slice(at, rest.length + 1);
    if (!areSame(found, rest)) throw refused("besides");
  }

  async #slice(at, length) {
    return new Uint8Array(await this.#file.slice(at, at + length).arrayBuffer());
  }
}

const refused = (code, values) => new Refused("zip", code, values);

/** Returns what stands before a file, and in the directory, where it is not compressed. */
function partsOf(name, { at, size, crc }) {
  const header = new DataView(new ArrayBuffer(HEADER));
  header.setUint32(0, 0x504b0304);
  header.setUint16(4, 20, true);
  header.setUint16(12, 33, true); // 1 January 1980
  header.setUint32(14, crc, true);
  header.setUint32(18, size, true);
  header.setUint32(22, size, true);
  header.setUint16(26, name.length, true);
  const whole = new Uint8Array(header.buffer);
  const entry = new DataView(new ArrayBuffer(ENTRY));
  entry.setUint32(0, 0x504b0102);
  entry.setUint16(4, 0x0314, true); // version 2.0, on Unix
  new Uint8Array(entry.buffer).set(whole.subarray(4), 6);
  entry.setUint32(38, 0o100644 * 2 ** 16, true);
  entry.setUint32(42, at, true);
  return [joined(whole, name), joined(new Uint8Array(entry.buffer), name)];
}
