/** Brings the reader to what went wrong. */
document.querySelector("[data-error-summary]")?.focus();
