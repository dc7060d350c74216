/** Says how many characters are left, in a field and, politely, to those who listen. */
const PAUSE = 1000;

for (const line of document.querySelectorAll("[data-counter]")) {
  const field = document.getElementById(line.dataset.counter);
  const most = Number(line.dataset.counterMax);
  if (!field || !most) continue;
  // Typing on must be possible: what is too long is said, not cut off.
  field.removeAttribute("maxlength");
  const spoken = line.cloneNode(false);
  spoken.className = "visually-hidden";
  spoken.removeAttribute("id");
  spoken.setAttribute("role", "status");
  line.after(spoken);
  let timer;
  const show = () => {
    const left = most - [...field.value].length;
    const text = `${line.dataset.counterText} ${left.toLocaleString(document.documentElement.lang)}`;
    line.textContent = text;
    line.classList.toggle("field__counter--over", left < 0);
    clearTimeout(timer);
    timer = setTimeout(() => { spoken.textContent = text; }, PAUSE);
  };
  field.addEventListener("input", show);
  if (field.value) show();
}
