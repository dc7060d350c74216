/** The root of a tree of leaves that come one after the other (RFC 6962, 2.1). */
import { sha256 } from "./vendor/noble-hashes-2.4.0/sha2.js";
import { joined } from "./octets.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export class Tree {
  size = 0;
  #complete = [];

  /** Adds the next leaf: two complete trees of one size make one of twice the size. */
  add(leaf) {
    let node = sha256(joined(LEAF, leaf));
    for (let size = this.size; size % 2; size = (size - 1) / 2) {
      node = sha256(joined(NODE, this.#complete.pop(), node));
    }
    this.#complete.push(node);
    this.size += 1;
  }

  /** Returns the hash that stands for all leaves in their order. */
  root() {
    if (!this.#complete.length) return sha256(new Uint8Array());
    return this.#complete.reduceRight((root, left) => sha256(joined(NODE, left, root)));
  }
}
