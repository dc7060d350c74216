/** Brings the reader to what went wrong. */
const summary = document.querySelector("[data-error-summary]");
const focusSummary = () => summary?.focus();
focusSummary();
// A fragment in the address takes the focus back once the page has loaded.
addEventListener("load", focusSummary);

// An answer that is a file leaves the page as it was, with what was wrong before: that goes here.
for (const form of document.querySelectorAll("form[data-brings-file]")) {
  form.addEventListener("submit", () => {
    document.title = document.title.replace(`${summary.dataset.errorSummary} `, "");
    summary.remove();
    for (const error of form.querySelectorAll(".field__error")) error.remove();
    for (const field of form.querySelectorAll(".field--error")) field.classList.remove("field--error");
    for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  }, { once: true });
}
