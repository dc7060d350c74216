/** Hides the answers that do not go with what was chosen in other questions, which stand before. */
const NAMED = "fits"; // data-fits-format="csv jsonl": goes with these answers to "format"
const choices = [...document.querySelectorAll(".choice")].filter((choice) => conditions(choice)[0]);
const questions = new Set(choices.map((choice) => choice.closest("fieldset")));

function conditions(choice) {
  return Object.entries(choice.dataset).filter(([key]) => key.startsWith(NAMED));
}

function goes(choice) {
  return conditions(choice).every(([key, answers]) => {
    const name = key.slice(NAMED.length).toLowerCase();
    const chosen = choice.closest("form").querySelector(`[name="${name}"]:checked`);
    return chosen === null || answers.split(" ").includes(chosen.value);
  });
}

function fit() {
  for (const question of questions) {
    for (const choice of choices) {
      if (choice.closest("fieldset") === question) choice.hidden = !goes(choice);
    }
    if (!question.querySelector("[hidden] :checked")) continue;
    const first = question.querySelector(".choice:not([hidden]) input");
    if (first) first.checked = true;
  }
}

addEventListener("change", fit);
addEventListener("pageshow", fit);
fit();
