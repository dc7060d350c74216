/** Something does not hold: in which check, and what, by a code that the page has words for. */
export class Refused extends Error {
  constructor(check, code, values = {}) {
    super(code);
    Object.assign(this, { check, code, values });
  }
}
