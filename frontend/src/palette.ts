// Ctrl+K goes to the box at the top; what it finds hangs below it and is walked with the arrow keys.
const box = document.querySelector<HTMLInputElement>(".top .find input");
const found = document.getElementById("found");

const show = (visible: boolean) => {
  if (found) found.hidden = !visible || !found.childElementCount;
};
const links = () => [...(found?.querySelectorAll<HTMLAnchorElement>("a") ?? [])];

if (box && found) {
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    box.focus();
    box.select();
    box.dispatchEvent(new Event("open-palette", { bubbles: true }));
  });
  found.addEventListener("htmx:afterSwap", () => show(box.form?.contains(document.activeElement) ?? false));
  box.form?.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !found.hidden) {
      event.preventDefault();
      show(false);
      box.focus();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = links();
    if (found.hidden || !all.length) return;
    event.preventDefault();
    const at = all.indexOf(document.activeElement as HTMLAnchorElement) + (event.key === "ArrowDown" ? 1 : -1);
    (at < 0 ? box : all[Math.min(at, all.length - 1)]).focus();
  });
  box.addEventListener("focus", () => show(true));
  document.addEventListener("focusin", (event) => {
    if (!box.form?.contains(event.target as Node)) show(false);
  });
  document.addEventListener("click", (event) => {
    if (!box.form?.contains(event.target as Node)) show(false);
  });
}
