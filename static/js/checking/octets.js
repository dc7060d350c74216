/** Octets, and the texts that they stand for. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Throws TypeError for what is no UTF-8. */
export const textOf = (octets) => decoder.decode(octets);
export const octetsOf = (text) => encoder.encode(text);
export const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
export const toBase64 = (octets) => btoa(String.fromCharCode(...octets));

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function areSame(one, other) {
  return one.length === other.length && one.every((octet, at) => octet === other[at]);
}
