/** A draft gets a new link with each page. This tab notes which followed which, for "Back". */
const token = location.pathname.split("/draft/")[1].split("/")[0];
const before = sessionStorage.getItem("draft-left");

if (before && before !== token) sessionStorage.setItem(`draft-${before}`, token);
sessionStorage.removeItem("draft-left");
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => sessionStorage.setItem("draft-left", token));
}
