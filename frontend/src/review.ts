// The review of a directive: source and proposals light each other, keys do what the buttons do, forms grow rows.
const all = <T extends Element>(selector: string, within: ParentNode = document) => [...within.querySelectorAll<T>(selector)];
const cards = () => all<HTMLElement>("#proposals article.proposal");
const current = () => document.querySelector<HTMLElement>("#proposals article.current");
const KEYS_OFF = "luoshi-keys-off";

function light(ids: string[]): void {
  all(".lit").forEach((part) => part.classList.remove("lit"));
  ids.forEach((id) => all(`[data-p~="${CSS.escape(id)}"]`).forEach((part) => part.classList.add("lit")));
}

function idsAt(target: EventTarget | null): string[] {
  const part = target instanceof Element ? target.closest<HTMLElement | SVGElement>("[data-p]") : null;
  return part ? (part.dataset.p ?? "").split(" ").filter(Boolean) : [];
}

// Scrolls the source's own box, so that the page itself stays where the reader is.
function showSource(id: string): void {
  const pane = document.getElementById("source");
  const words = pane?.querySelector<HTMLElement>(`[data-p~="${CSS.escape(id)}"]`);
  if (!pane || !words || pane.scrollHeight <= pane.clientHeight) return;
  const place = words.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  if (place < 0 || place > pane.clientHeight * 0.75) pane.scrollTop += place - pane.clientHeight / 4;
}

function choose(card: HTMLElement | undefined, { focus = true, scroll = true } = {}): void {
  if (!card) return;
  all("#proposals article.current").forEach((other) => other.classList.remove("current"));
  card.classList.add("current");
  if (focus) card.focus({ preventScroll: true });
  light([card.dataset.p ?? ""]);
  if (!scroll) return;
  card.scrollIntoView({ block: "nearest", behavior: "instant" as ScrollBehavior });
  showSource(card.dataset.p ?? "");
}

function move(by: number): void {
  const list = cards();
  const at = list.indexOf(current() as HTMLElement);
  choose(list[Math.min(Math.max(at + by, 0), list.length - 1)]);
}

function nextUndecided(after: HTMLElement | null): HTMLElement | undefined {
  const list = cards();
  const at = after ? list.indexOf(after) : -1;
  const waiting = (card: HTMLElement) => card.dataset.state === "proposed";
  return list.slice(at + 1).find(waiting) ?? list.find(waiting);
}

function press(key: string): boolean {
  const control = current()?.querySelector<HTMLElement>(`[data-key="${key}"]`);
  control?.click();
  return Boolean(control);
}

const isTyping = (target: EventTarget | null) =>
  target instanceof Element && Boolean(target.closest("input, textarea, select, [contenteditable], dialog"));

function onKey(event: KeyboardEvent): void {
  if (!document.querySelector("[data-review]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || localStorage.getItem(KEYS_OFF)) return;
  const help = document.getElementById("keys") as HTMLDialogElement | null;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "?" && help) help.showModal();
  else if (event.key === "n" && pickedBar()) pickedBar()?.querySelector("button")?.click();
  else if (!"aesmxiucr".includes(event.key) || !press(event.key)) return;
  event.preventDefault();
}

// Words marked in the source become a proposal: they are sent with the clause in which they begin.
const pickedBar = () => document.querySelector<HTMLElement>("[data-picked]:not([hidden])");
document.addEventListener("selectionchange", () => {
  const bar = document.querySelector<HTMLElement>("[data-picked]");
  const form = document.getElementById("add-task") as HTMLFormElement | null;
  if (!bar || !form) return;
  const picked = document.getSelection();
  const words = picked && !picked.isCollapsed ? picked.toString().trim() : "";
  const ends = picked && words ? [picked.anchorNode, picked.focusNode] : [];
  const within = ends.map((node) => (node instanceof Element ? node : node?.parentElement)?.closest<HTMLElement>("[data-clause]"));
  bar.hidden = words.length < 4 || !within[0] || !within[1];
  (form.elements.namedItem("words") as HTMLInputElement).value = bar.hidden ? "" : words;
  if (bar.hidden || !within[0] || !within[1]) return;
  const first = within[0].compareDocumentPosition(within[1]) & Node.DOCUMENT_POSITION_PRECEDING ? within[1] : within[0];
  (bar.querySelector("button") as HTMLButtonElement).value = first.dataset.clause ?? "";
});
document.addEventListener("mousedown", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-picked]")) event.preventDefault(); // keeps the words marked
});

// After a step: say it, then go on to the next undecided card, or stay where something is being typed.
function settle(event: Event): void {
  const { target } = event as CustomEvent;
  const standing = document.getElementById("standing");
  const live = document.getElementById("live");
  if (live && standing?.dataset.said) live.textContent = standing.dataset.said;
  if (!(target instanceof Element) || !document.querySelector("[data-review]")) return;
  const editing = document.querySelector<HTMLElement>(".proposal-editing");
  const within = editing?.contains(document.activeElement) && editing !== document.activeElement;
  if (editing && !within) {
    choose(editing, { focus: false });
    editing.querySelector<HTMLElement>("input:not([type=hidden]), textarea, button")?.focus();
  }
}

let lastStep = "";
let lastCard = "";
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = (event as CustomEvent).detail as { elt: Element; requestConfig: { parameters?: Record<string, string> } };
  if (elt.matches("[data-aside]")) return; // what comes in beside the cards is no step of the reader's
  lastCard = elt.closest<HTMLElement>("article.proposal")?.id ?? "";
  lastStep = requestConfig?.parameters?.do ?? "";
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (((event as CustomEvent).detail as { elt?: Element }).elt?.matches("[data-aside]")) return; // a step may be on its way meanwhile
  settle(event);
  if (document.querySelector(".proposal-editing") || !document.querySelector("[data-review]")) return;
  const chosen = document.querySelector<HTMLElement>("#proposals[data-chosen]");
  if (chosen) { // a proposal that was just added
    choose(document.getElementById(chosen.dataset.chosen ?? "") ?? undefined);
    chosen.removeAttribute("data-chosen");
    return;
  }
  if (!lastCard && !current()) { // all cards came anew: the keys go to the first that waits, and the page too once nothing is asked above
    choose(nextUndecided(null), { focus: false, scroll: !document.querySelector("#proposals .answers") });
    return;
  }
  const same = lastCard ? document.getElementById(lastCard) : null;
  const elsewhere = current();
  if (!same || (elsewhere && elsewhere !== same)) return; // the reader has moved on already: do not pull them back
  const goesOn = ["accept", "drop", "information", "adopt", "update"].includes(lastStep) && same.dataset.state !== "proposed";
  choose((goesOn ? nextUndecided(same) : same) ?? same);
  lastCard = "";
});

document.addEventListener("mouseover", (event) => {
  const ids = idsAt(event.target);
  if (!ids.length || !document.querySelector("[data-review]")) return;
  light(ids);
  if (event.target instanceof Element && event.target.closest("#proposals")) showSource(ids[0]);
});
document.addEventListener("focusin", (event) => {
  const card = event.target instanceof Element ? event.target.closest<HTMLElement>("#proposals article.proposal") : null;
  if (!card || card.classList.contains("current")) return;
  all("#proposals article.current").forEach((other) => other.classList.remove("current"));
  card.classList.add("current");
  light(idsAt(card));
  showSource(card.dataset.p ?? "");
});
document.addEventListener("keydown", onKey);

function showPane(name: string): void {
  document.querySelector(".panes")?.setAttribute("data-shown", name);
  all<HTMLElement>("[data-pane]").forEach((link) => {
    if (link.dataset.pane === name) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
}

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const pane = target.closest<HTMLElement>("[data-pane]");
  if (pane) {
    showPane(pane.dataset.pane ?? "proposals");
    event.preventDefault();
    return;
  }
  const jump = target.closest<HTMLAnchorElement>(".proposal-no, [data-jump]");
  if (jump) showPane("source");
  const words = target.closest<HTMLElement>("#source [data-p]");
  if (words && document.getSelection()?.isCollapsed !== false) {
    showPane("proposals");
    choose(document.getElementById(`p-${idsAt(words)[0]}`) ?? undefined);
    event.preventDefault();
  }
  if (target.closest("[data-next]")) {
    const next = nextUndecided(null);
    if (next) { choose(next); event.preventDefault(); }
  }
  if (target.closest("[data-help]")) (document.getElementById("keys") as HTMLDialogElement | null)?.showModal();
});

// The last row of a list of fields is empty; once it is filled another one follows.
document.addEventListener("input", (event) => {
  const field = event.target as HTMLInputElement;
  const list = field.closest?.("[data-more]");
  if (!list) return;
  const rows = list.querySelector(".inline .inline, :scope > .inline + .inline, .target-row, .step-row")
    ? all<HTMLElement>(".target-row, .step-row", list) : all<HTMLElement>("input", list);
  const last = rows[rows.length - 1];
  const filled = (row: HTMLElement) => all<HTMLInputElement>("input", row).concat(row instanceof HTMLInputElement ? [row] : []).some((input) => input.value);
  if (!last || !filled(last)) return;
  const copy = last.cloneNode(true) as HTMLElement;
  all<HTMLInputElement>("input", copy).concat(copy instanceof HTMLInputElement ? [copy] : []).forEach((input) => { input.value = ""; });
  last.after(copy);
});

// A paper may be dropped on the upload field's frame.
all<HTMLElement>("[data-drop]").forEach((zone) => {
  const input = zone.querySelector<HTMLInputElement>("input[type=file]");
  const over = (on: boolean) => (event: DragEvent) => { event.preventDefault(); zone.classList.toggle("over", on); };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    if (input && event.dataTransfer?.files.length) input.files = event.dataTransfer.files;
  });
});

if (document.querySelector("[data-review]")) {
  all<HTMLElement>(".only-script").forEach((part) => { part.hidden = false; });
  showPane("proposals");
  const box = document.getElementById("keys-on") as HTMLInputElement | null;
  if (box) {
    box.checked = !localStorage.getItem(KEYS_OFF);
    box.addEventListener("change", () => (box.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1")));
  }
  const asked = location.hash.startsWith("#p-") ? document.getElementById(location.hash.slice(1)) : null;
  const first = asked ?? nextUndecided(null);
  if (first) choose(first, { focus: Boolean(asked), scroll: Boolean(asked) });
}
