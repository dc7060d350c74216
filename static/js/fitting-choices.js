/** Hides the answers that do not go with what was chosen in another question. */
const choices = [...document.querySelectorAll("[data-fits]")];
const questions = new Set(choices.map((choice) => choice.closest("fieldset")));

function fit() {
  for (const choice of choices) {
    const { fits, fitsOf } = choice.dataset;
    const chosen = choice.closest("form").querySelector(`[name="${fitsOf}"]:checked`);
    choice.hidden = chosen !== null && !fits.split(" ").includes(chosen.value);
  }
  for (const question of questions) {
    if (!question.querySelector("[hidden] :checked")) continue;
    const first = question.querySelector("[data-fits]:not([hidden]) input");
    if (first) first.checked = true;
  }
}

addEventListener("change", fit);
addEventListener("pageshow", fit);
fit();
