/** Leads from a link that a draft no longer has to the one that it has now, as this tab noted it. */
const token = location.pathname.split("/draft/")[1].split("/")[0];
let newest = token;

for (let next = newest; next; next = sessionStorage.getItem(`draft-${next}`)) newest = next;
if (newest !== token) location.replace(location.href.replace(token, newest));
