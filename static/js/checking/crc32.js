/** The checksum that a ZIP has of each file (ISO 3309): against faults of a disk, not of a person. */
const TABLE = Int32Array.from({ length: 256 }, (_, octet) => {
  let sum = octet;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

/** Returns the checksum of what had `before`, with these octets after it. */
export function crc32(octets, before = 0) {
  let sum = ~before;
  for (let at = 0; at < octets.length; at += 1) sum = TABLE[(sum ^ octets[at]) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}
