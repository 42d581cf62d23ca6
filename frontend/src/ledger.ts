// The ledger's tree folds open lines without asking the server again.
const twigOf = (event: Event) => (event.target as Element | null)?.closest?.<HTMLElement>("a.twig") ?? null;

// A second click on an open line takes its rows away; caught before htmx sees it.
document.addEventListener(
  "click",
  (event) => {
    const twig = twigOf(event);
    if (!twig || twig.getAttribute("aria-expanded") !== "true") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const id = twig.dataset.id ?? "";
    document.querySelectorAll<HTMLElement>("tr[data-under]").forEach((row) => {
      if ((row.dataset.under ?? "").split(" ").includes(id)) row.remove();
    });
    twig.setAttribute("aria-expanded", "false");
  },
  true,
);
document.addEventListener("htmx:afterRequest", (event) => {
  const twig = twigOf(event);
  if (twig && (event as CustomEvent<{ successful: boolean }>).detail.successful) {
    twig.setAttribute("aria-expanded", "true");
  }
});

// The box in the head of a table ticks every row of the page; without scripts it stays hidden.
document.querySelectorAll<HTMLInputElement>("input[data-tick-all]").forEach((all) => {
  const rows = () => document.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${all.dataset.tickAll}"]`);
  all.hidden = false;
  all.addEventListener("change", () => rows().forEach((row) => { row.checked = all.checked; }));
});
