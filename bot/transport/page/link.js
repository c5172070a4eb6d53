// The socket and what was typed but not yet acknowledged. Each unsent message is an
// entry of its own in localStorage, so that two tabs don't overwrite each other; it is
// sent again after every reconnect under the same id, and the server takes an id once.

const FIRST_MS = 400, LONGEST_MS = 15000, PATIENCE_MS = 12000;

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}
function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch { /* private mode or full: it lives in memory only */ }
}
export const kept = { read, write };

// Each tab may be another member of the demo; a new one begins as the latest chosen.
export function chosen() {
  let here = null;
  try { here = sessionStorage.getItem("as"); } catch { /* no storage */ }
  return here || kept.read("nemawashi.as") || undefined;
}
export function choose(handle) {
  kept.write("nemawashi.as", handle);
  try { sessionStorage.setItem("as", handle); } catch { /* this tab forgets */ }
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
}

export class Link {
  // `on` has: state(name), frame(f), hello() -> fields of the hello frame.
  constructor(on) {
    this.on = on;
    this.me = ""; // whose outbox it is; until the welcome nobody's
    this.outbox = [];
    this.ready = false;
    this.tries = 0;
    this.load();
    addEventListener("online", () => this.connect());
    addEventListener("offline", () => this.drop());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && !this.socket) this.connect();
    });
  }

  prefix() { return `nemawashi.out.${this.me}.`; }

  load() {
    const found = [];
    try {
      for (let i = 0; i < localStorage.length; i++) {
        const key = localStorage.key(i);
        if (key.startsWith(this.prefix())) {
          const m = kept.read(key);
          if (m && m.id && m.text) found.push(m);
        }
      }
    } catch { /* no storage */ }
    this.outbox = found.sort((a, b) => a.at - b.at);
  }

  connect() {
    clearTimeout(this.timer);
    if (this.socket) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/ws`);
    this.socket = socket;
    this.on.state(this.tries ? "offline" : "connecting");
    socket.onopen = () => this.transmit({ t: "hello", v: 1, ...this.on.hello() });
    socket.onmessage = (e) => { if (socket === this.socket) this.receive(JSON.parse(e.data)); };
    socket.onclose = () => { if (socket === this.socket) this.lost(); };
  }

  // Closes without waiting for the other side, which may be gone.
  drop() {
    const socket = this.socket;
    if (!socket) return;
    socket.onclose = null;
    socket.close();
    this.lost();
  }

  lost() {
    this.socket = null;
    this.ready = false;
    clearTimeout(this.patience);
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.tries++);
    this.timer = setTimeout(() => this.connect(), wait * (0.5 + Math.random() / 2));
    this.on.state("offline");
  }

  // What the member did not get sent waits in storage for their return.
  leave() {
    this.me = "";
    this.load();
  }

  // A new conversation over a new socket.
  restart() {
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    this.tries = 0;
    if (socket) { socket.onclose = null; socket.close(); }
    this.connect();
  }

  transmit(frame) {
    if (this.socket && this.socket.readyState === WebSocket.OPEN)
      this.socket.send(JSON.stringify(frame));
  }

  receive(f) {
    if (f.t === "welcome") {
      this.tries = 0;
      this.become(f.member.handle);
    } else if (f.t === "ack" || f.t === "said") {
      this.forget(f.id);
    } else if (f.t === "refused" && f.id) {
      const m = this.outbox.find((x) => x.id === f.id);
      if (m) m.failed = f.text;
    }
    this.on.frame(f);
    if (f.t === "welcome") {
      this.ready = true;
      this.on.state("online");
      for (const m of this.outbox) if (!m.failed) this.push(m);
    }
  }

  become(handle) {
    const nameless = this.me ? [] : this.outbox;
    for (const m of nameless) write(this.prefix() + m.id, null);
    if (this.me !== handle) {
      this.me = handle;
      this.load();
    }
    for (const m of nameless) {
      this.outbox.push(m);
      write(this.prefix() + m.id, m);
    }
  }

  push(m) {
    if (!this.ready) return;
    this.transmit({ t: "say", id: m.id, text: m.text });
    clearTimeout(this.patience);
    // A socket that swallows what we say is dead, whatever it claims.
    this.patience = setTimeout(() => {
      if (this.outbox.some((x) => !x.failed)) this.drop();
    }, PATIENCE_MS);
  }

  say(text, label) {
    const m = { id: uuid(), text, label, at: Date.now() };
    this.outbox.push(m);
    write(this.prefix() + m.id, m);
    this.push(m);
    return m;
  }

  // Keeps where in the conversation it failed.
  failed(m, at) {
    m.failedAt = at;
    write(this.prefix() + m.id, m);
  }

  retry(id) {
    const m = this.outbox.find((x) => x.id === id);
    if (!m) return null;
    delete m.failed;
    delete m.failedAt;
    write(this.prefix() + m.id, m);
    this.push(m);
    return m;
  }

  forget(id) {
    this.outbox = this.outbox.filter((m) => m.id !== id);
    write(this.prefix() + id, null);
    if (!this.outbox.some((m) => !m.failed)) clearTimeout(this.patience);
  }

  waiting() { return this.outbox.filter((m) => !m.failed).length; }
}
