// Tables that are filled from a spreadsheet, and the sum of the parts while they are typed.

const CELLS = "input:not([type=hidden],[type=checkbox],[type=radio]), textarea, select";

function plain(text: string): number {
  return Number(text.replace(/[,，\s]/g, "") || NaN);
}

function spoken(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 4 });
}

function fieldsOf(row: HTMLTableRowElement): HTMLInputElement[] {
  return [...row.querySelectorAll<HTMLInputElement>(`td :is(${CELLS})`)];
}

// A block copied from a spreadsheet fills the fields from the one it is pasted into, to the right and downwards. Rows
// that begin with the name of a row of the table go to that row, whatever their order.
function paste(event: ClipboardEvent): void {
  const field = event.target as HTMLInputElement;
  const table = field.closest?.<HTMLTableElement>("table[data-paste]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!table || !/[\t\n]/.test(text.trim()) || field.tagName === "TEXTAREA" && !text.includes("\t")) return;
  const rows = [...table.tBodies[0].rows];
  const start = rows.findIndex((row) => row.contains(field));
  const column = fieldsOf(rows[start]).indexOf(field);
  if (column < 0) return;
  event.preventDefault();
  const named = new Map(rows.map((row) => [row.cells[0].textContent?.trim() ?? "", row]));
  text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, n) => {
    const cells = line.split("\t");
    const own = cells.length > 1 ? named.get(cells[0].trim()) : undefined;
    const row = own ?? rows[start + n];
    if (row) fieldsOf(row).slice(column).forEach((cell, at) => put(cell, cells[own ? at + 1 : at]));
  });
  field.dispatchEvent(new Event("change", { bubbles: true }));
  addUp();
}

function put(field: HTMLInputElement, text: string | undefined): void {
  if (text === undefined) return;
  const trimmed = text.trim();
  const day = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(trimmed);
  if (field.type === "date") field.value = day ? `${day[1]}-${day[2].padStart(2, "0")}-${day[3].padStart(2, "0")}` : "";
  else field.value = Number.isNaN(plain(trimmed)) ? trimmed : trimmed.replace(/[,，\s]/g, "");
}

// The sum and each unit's share, at once; words and warnings follow from the server a moment later.
function addUp(): void {
  const sum = document.getElementById("sum-parts");
  if (!sum) return;
  const whole = Number(sum.dataset.whole);
  let total = Number(sum.dataset.given);
  document.querySelectorAll<HTMLInputElement>("table.parts input[name$='-target_value']").forEach((field) => {
    const value = plain(field.value);
    const share = document.querySelector(`[data-share="${/\d+/.exec(field.name)?.[0]}"]`);
    if (share) share.textContent = Number.isNaN(value) || !whole ? "—" : `${Math.round((value * 1000) / whole) / 10}%`;
    if (!Number.isNaN(value)) total += value;
  });
  sum.textContent = spoken(Math.round(total * 10000) / 10000);
}

// Of the fields about dividing only those that the chosen way needs.
function narrow(): void {
  const way = document.querySelector<HTMLSelectElement>("#divide");
  document.querySelectorAll<HTMLElement>(".dividing [data-for]").forEach((field) => {
    field.hidden = !field.dataset.for?.split(" ").includes(way?.value ?? "");
  });
}

document.addEventListener("paste", paste);
document.addEventListener("input", (event) => {
  if ((event.target as HTMLElement).closest?.("table.parts")) addUp();
});
document.addEventListener("change", (event) => {
  if ((event.target as HTMLElement).id === "divide") narrow();
});
narrow();
