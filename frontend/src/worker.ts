// Keeps the pages of visits for a device without signal: always the newest where there is a connection.
const KEPT = "luoshi-visits";
const VISIT = /\/inspections\/objects\/\d+\/visit\/$/;
type Extendable = Event & { waitUntil(work: Promise<unknown>): void };
type Fetched = Extendable & { request: Request; respondWith(answer: Promise<Response>): void };
type Worker = { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> } };
const worker = self as unknown as Worker & typeof self;

self.addEventListener("install", (event) => (event as Extendable).waitUntil(worker.skipWaiting()));
self.addEventListener("activate", (event) => (event as Extendable).waitUntil(worker.clients.claim()));

// The page says what it consists of, since it was loaded before this worker was there.
self.addEventListener("message", (event) => {
  const parts = (event as MessageEvent<string[]>).data.filter((part) => new URL(part).origin === self.location.origin);
  (event as unknown as Extendable).waitUntil(caches.open(KEPT).then((kept) => kept.addAll(parts)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event as Fetched;
  const { origin, pathname } = new URL(request.url);
  const ours = origin === self.location.origin && (VISIT.test(pathname) || pathname.includes("/static/"));
  if (request.method === "GET" && ours) (event as Fetched).respondWith(newest(request));
});

async function newest(request: Request): Promise<Response> {
  const kept = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected) await kept.put(request, response.clone());
    return response;
  } catch (error) {
    const held = await kept.match(request, { ignoreVary: true });
    if (held) return held;
    throw error;
  }
}
export {};
