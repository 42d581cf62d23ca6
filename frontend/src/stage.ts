// The meeting of a stocktake: arrow keys go from task to task.
const NEXT = ["ArrowRight", "ArrowDown", "PageDown", " "];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp"];

function screens(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".stage .stage-screen")];
}

/** The screen that fills most of the window. */
function shown(all: HTMLElement[]): number {
  const middle = window.innerHeight / 2;
  const found = all.findIndex((screen) => {
    const box = screen.getBoundingClientRect();
    return box.top <= middle && box.bottom > middle;
  });
  return Math.max(found, 0);
}

function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, button, summary, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  const all = screens();
  if (!all.length || event.altKey || event.ctrlKey || event.metaKey || typing(event.target)) return;
  const step = NEXT.includes(event.key) ? 1 : BACK.includes(event.key) ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const next = all[Math.min(Math.max(shown(all) + step, 0), all.length - 1)];
  next.scrollIntoView({ behavior: "instant" as ScrollBehavior });
  next.focus({ preventScroll: true });
});
