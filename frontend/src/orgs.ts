// The tree of units: a second click on an open unit folds it again.
document.addEventListener("htmx:beforeRequest", (event) => {
  const opener = (event.target as Element).closest<HTMLElement>(".tree-open");
  if (!opener) return;
  const below = document.querySelector(opener.getAttribute("hx-target") ?? "");
  if (opener.getAttribute("aria-expanded") === "true") {
    event.preventDefault();
    below?.replaceChildren();
    opener.setAttribute("aria-expanded", "false");
  } else {
    opener.setAttribute("aria-expanded", "true");
  }
});
export {};
