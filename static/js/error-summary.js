/** Brings the reader to what went wrong. */
const focusSummary = () => document.querySelector("[data-error-summary]")?.focus();
focusSummary();
// A fragment in the address takes the focus back once the page has loaded.
addEventListener("load", focusSummary);
