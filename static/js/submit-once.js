/** Holds back a second press for five seconds; coming back to the page frees the form again. */
const PAUSE = 5000;
const forms = document.querySelectorAll("form[data-submit-once]");

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
}

for (const form of forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    setTimeout(() => free(form), PAUSE);
  });
}

addEventListener("pageshow", () => forms.forEach(free));
