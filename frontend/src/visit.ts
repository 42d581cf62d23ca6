// A checklist on a phone: what is typed stays on the device at once, and is sent when there is a connection.
type Answer = { a: string; n: string };
type Answers = Record<string, Answer>;
type Copy = { version: number; answers: Answers; note: string };
type Draft = Copy & { key: string; dirty: boolean; wanted: "" | "keep" | "end"; ended: boolean };
type Photo = { id: string; visit: string; number: number; name: string; blob: Blob };

const form = document.querySelector<HTMLFormElement>("form[data-visit]");
const LONGEST_SIDE = 1600; // pixels of a photograph; drawing it anew also leaves behind where it was taken
const AGAIN = 20000; // milliseconds between two attempts while something waits

if (form) begin(form);

// Signing out leaves no page on the device; what was not sent yet stays.
document.querySelector('form[action$="/logout/"]')?.addEventListener("submit", () => {
  void window.caches?.delete("luoshi-visits");
});

function begin(form: HTMLFormElement): void {
  const place = `luoshi-visit-${form.dataset.person}-${form.dataset.visit}`;
  const words = JSON.parse(form.dataset.words ?? "{}") as Record<string, string>;
  const kept = JSON.parse(form.dataset.kept ?? "{}") as Copy & { key: string; ended: boolean };
  const status = document.getElementById("visit-status") as HTMLElement;
  const clash = document.getElementById("visit-clash") as HTMLElement;
  let draft = take();
  let sending = false;

  function take(): Draft {
    const fresh: Draft = { ...kept, key: kept.key || newKey(), dirty: false, wanted: "" };
    const text = localStorage.getItem(place);
    if (!text) return fresh;
    const own = JSON.parse(text) as Draft;
    if (kept.key && own.key !== kept.key && !own.dirty && !own.wanted) return fresh;
    if (own.dirty || own.wanted || own.version > kept.version) return own;
    return { ...fresh, key: own.key };
  }

  function store(): void {
    localStorage.setItem(place, JSON.stringify(draft));
  }

  function say(name: string, detail = ""): void {
    const unsent = draft.dirty || draft.wanted !== "";
    status.dataset.state = name;
    status.textContent = (words[name] ?? name) + (detail ? ` ${detail}` : "") + (unsent && name !== "kept" ? ` · ${words.kept}` : "");
  }

  function show(): void {
    for (const card of form.querySelectorAll<HTMLElement>("[data-question]")) {
      const given = draft.answers[card.dataset.question ?? ""] ?? { a: "", n: "" };
      card.querySelectorAll<HTMLInputElement>("input[type=radio]").forEach((box) => { box.checked = box.value === given.a; });
      const typed = card.querySelector<HTMLInputElement>("[data-answer]");
      if (typed) typed.value = given.a;
      const note = card.querySelector<HTMLTextAreaElement>("[data-note]");
      if (note) note.value = given.n;
    }
    (form.elements.namedItem("note") as HTMLTextAreaElement).value = draft.note;
  }

  function read(): void {
    const answers: Answers = {};
    for (const card of form.querySelectorAll<HTMLElement>("[data-question]")) {
      const chosen = card.querySelector<HTMLInputElement>("input[type=radio]:checked");
      const typed = card.querySelector<HTMLInputElement>("[data-answer]");
      const given = { a: (chosen ?? typed)?.value.trim() ?? "", n: card.querySelector<HTMLTextAreaElement>("[data-note]")?.value.trim() ?? "" };
      if (given.a || given.n) answers[card.dataset.question ?? ""] = given;
    }
    draft.answers = answers;
    draft.note = (form.elements.namedItem("note") as HTMLTextAreaElement).value.trim();
    draft.dirty = true;
    store();
    say("kept", new Date().toTimeString().slice(0, 5));
  }

  async function send(): Promise<void> {
    if (sending || !draft.wanted) return;
    sending = true;
    say("sending");
    try {
      const { key, version, answers, note, wanted } = draft;
      const sent = JSON.stringify({ answers, note });
      const response = await fetch(form.dataset.send ?? "", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
        body: JSON.stringify({ key, version, answers, note, is_ended: wanted === "end" }),
      });
      await answered(response, sent);
    } catch {
      say(navigator.onLine ? "unreachable" : "offline");
    } finally {
      sending = false;
    }
  }

  async function answered(response: Response, sent: string): Promise<void> {
    if (response.redirected) return say("signed_out");
    const body = (await response.json()) as Partial<Copy> & { detail?: string; photos?: string; ended?: boolean };
    if (response.status === 409 && body.answers) return compare(body as Copy);
    if (!response.ok) {
      draft.wanted = "";
      store();
      return say("refused", body.detail ?? "");
    }
    draft.version = body.version ?? draft.version;
    draft.ended = body.ended ?? draft.ended;
    draft.dirty = JSON.stringify({ answers: draft.answers, note: draft.note }) !== sent; // typed while it was under way
    draft.wanted = "";
    store();
    clash.hidden = true;
    const left = await sendPhotos(body.photos ?? "");
    if (!draft.dirty && !left) localStorage.removeItem(place);
    say(left ? "photos_wait" : draft.ended ? "ended" : "sent");
  }

  // Both copies side by side, question by question where they differ; nothing is chosen for the inspector.
  function compare(theirs: Copy): void {
    draft.wanted = "";
    store();
    const numbers = [...new Set([...Object.keys(draft.answers), ...Object.keys(theirs.answers)])].filter(
      (n) => JSON.stringify(draft.answers[n] ?? {}) !== JSON.stringify(theirs.answers[n] ?? {}),
    );
    const list = clash.querySelector("ul") as HTMLElement;
    list.replaceChildren(...numbers.map((n) => choice(n, theirs)));
    if (draft.note !== theirs.note) list.append(choice("note", theirs));
    clash.hidden = false;
    clash.scrollIntoView({ block: "start" });
    const button = clash.querySelector("button") as HTMLButtonElement;
    button.onclick = () => {
      for (const box of clash.querySelectorAll<HTMLInputElement>("input:checked")) {
        if (box.value !== "theirs") continue;
        if (box.name === "clash-note") draft.note = theirs.note;
        else draft.answers[box.name.slice(6)] = theirs.answers[box.name.slice(6)] ?? { a: "", n: "" };
      }
      draft.version = theirs.version;
      draft.dirty = true;
      draft.wanted = "keep";
      store();
      show();
      void send();
    };
    say("clash");
  }

  function choice(number: string, theirs: Copy): HTMLElement {
    const line = document.createElement("li");
    const title = document.createElement("strong");
    title.textContent = form.querySelector(`[data-question="${number}"] legend`)?.textContent ?? words.note ?? number;
    line.append(title);
    const mine = number === "note" ? draft.note : textOf(draft.answers[number]);
    const other = number === "note" ? theirs.note : textOf(theirs.answers[number]);
    [["mine", mine], ["theirs", other]].forEach(([value, text]) => {
      const label = document.createElement("label");
      const box = document.createElement("input");
      Object.assign(box, { type: "radio", name: `clash-${number}`, value, checked: value === "mine" });
      label.className = "check";
      label.append(box, ` ${words[value] ?? value}: ${text || "—"}`);
      line.append(label);
    });
    return line;
  }

  function textOf(given: Answer | undefined): string {
    if (!given) return "";
    return [words[`answer_${given.a}`] ?? given.a, given.n].filter(Boolean).join(" · ");
  }

  async function addPhotos(input: HTMLInputElement): Promise<void> {
    for (const file of input.files ?? []) {
      const blob = await smaller(file);
      await photos("put", { id: newKey(), visit: draft.key, number: Number(input.dataset.photo), name: file.name, blob });
    }
    input.value = "";
    await countPhotos();
    draft.dirty = true;
    store();
    say("kept");
  }

  async function countPhotos(): Promise<void> {
    const all = (await photos("all")).filter((photo) => photo.visit === draft.key);
    for (const card of form.querySelectorAll<HTMLElement>("[data-question]")) {
      const mark = card.querySelector<HTMLElement>("[data-waiting]");
      const waiting = all.filter((photo) => String(photo.number) === card.dataset.question).length;
      if (mark) mark.textContent = waiting ? (words.photos ?? "").replace("%(n)s", String(waiting)) : "";
    }
  }

  async function sendPhotos(address: string): Promise<number> {
    const mine = (await photos("all")).filter((photo) => photo.visit === draft.key);
    let left = mine.length;
    for (const photo of address ? mine : []) {
      const body = new FormData();
      body.set("key", photo.id);
      body.set("number", String(photo.number));
      body.set("file", photo.blob, photo.name);
      const response = await fetch(address, { method: "POST", headers: { "X-CSRFToken": cookie("csrftoken") }, body });
      if (!response.ok || response.redirected) break;
      await photos("delete", photo);
      left -= 1;
    }
    await countPhotos();
    return left;
  }

  form.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    if (field.dataset.photo) void addPhotos(field);
    else read();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
    read();
    draft.wanted = button?.value === "end" ? "end" : "keep";
    store();
    void send();
  });
  window.addEventListener("online", () => void send());
  window.setInterval(() => void send(), AGAIN);
  show();
  void countPhotos();
  say(draft.wanted ? "waiting" : draft.dirty ? "kept" : draft.ended ? "ended" : "ready");
  void send();
  void keepPage(form.dataset.worker ?? "");
}

function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function cookie(name: string): string {
  return document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

// The page itself opens without signal too, once it was opened with it.
async function keepPage(worker: string): Promise<void> {
  if (!worker || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(worker);
  const { active } = await navigator.serviceWorker.ready;
  const parts = [...document.querySelectorAll<HTMLLinkElement | HTMLScriptElement>("link[rel=stylesheet], script[src]")];
  active?.postMessage([location.href, ...parts.map((part) => ("href" in part ? part.href : part.src))]);
  document.documentElement.dataset.kept = "yes";
}

async function smaller(file: File): Promise<Blob> {
  try {
    const picture = await createImageBitmap(file);
    const share = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), "image/jpeg", 0.85));
  } catch {
    return file;
  }
}

// Photographs wait in the browser's own store, which holds more than its store of texts.
function photos(act: "all"): Promise<Photo[]>;
function photos(act: "put" | "delete", photo: Photo): Promise<Photo[]>;
function photos(act: "all" | "put" | "delete", photo?: Photo): Promise<Photo[]> {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("luoshi-visits", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("photos", { keyPath: "id" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const held = opening.result.transaction("photos", act === "all" ? "readonly" : "readwrite").objectStore("photos");
      const request = act === "all" ? held.getAll() : act === "put" ? held.put(photo) : held.delete(photo?.id ?? "");
      request.onsuccess = () => { done(act === "all" ? (request.result as Photo[]) : []); opening.result.close(); };
      request.onerror = () => failed(request.error);
    };
  });
}
export {};
