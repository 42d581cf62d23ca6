// A unit's sheet of readings: Enter goes down to the next line, and on the last line saves.
document.addEventListener("keydown", (event) => {
  const field = event.target as HTMLInputElement;
  const table = field.closest?.<HTMLTableElement>("table.sheet");
  if (event.key !== "Enter" || event.ctrlKey || event.isComposing || !table || field.tagName !== "INPUT") return;
  const kind = field.name.split("-").pop();
  const column = [...table.querySelectorAll<HTMLInputElement>("input")].filter((one) => {
    const own = one.name.split("-").pop();
    return own === kind || (["value", "numerator"].includes(own ?? "") && ["value", "numerator"].includes(kind ?? ""));
  });
  const next = column[column.indexOf(field) + 1];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
});
export {};
