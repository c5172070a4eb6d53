// The conversation: puts messages in their order, keeps the reader's place, and wires
// the link, the composer and the header together.
import { Link, choose, chosen } from "./link.js";
import { Composer } from "./compose.js";
import { enter, forgetMe, showDoor } from "./door.js";
import { card, clock, day, el, fit, langOf, stampText } from "./render.js";

const $ = (id) => document.getElementById(id);
const MAX_BYTES = 32000, NEAR = 80, GAP_MS = 15 * 60000;
const own = /^ja/i.test(navigator.language)
  ? { connecting: "接続中", offline: "オフライン" } : { connecting: "Connecting", offline: "Offline" };

let strings = own, locale = /^ja/i.test(navigator.language) ? "ja" : "en", zone, member = null;
let items = [];            // {id, uuid, at, out, node}, in order; without id: not stored yet
let oldest = 0, newest = 0, canOlder = false, loading = false, unread = 0;
let stuck = true, refreshed = "", failedLogin = "";

const word = (key, values) =>
  (strings[key] || "").replace(/\{(\w+)\}/g, (all, name) => (values && name in values ? values[name] : all));

const scroller = $("scroll"), log = $("log");
const composer = new Composer({ send });
const link = new Link({
  state: connection,
  frame: (f) => (frames[f.t] || (() => {}))(f),
  hello: () => ({ as: chosen(), after: newest || undefined, locale: navigator.language }),
});
const act = { say: send, fill: (text) => composer.fill(text), word, get locale() { return locale; } };

// place in the log

const atBottom = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
function toBottom() {
  scroller.scrollTop = scroller.scrollHeight;
  stuck = true;
  unread = 0;
  fresh();
}
function fresh() {
  const button = $("fresh");
  button.hidden = !unread;
  button.textContent = word(unread === 1 ? "new_one" : "new_many", { n: unread });
}

// A time stands before a message that does not follow closely on the one above it.
function stamp(i) {
  const m = items[i], above = items[i - 1];
  if (!m) return;
  const due = m.at && (!above || !above.at || m.at - above.at > GAP_MS || day(m.at, zone) !== day(above.at, zone));
  const there = m.node.firstChild && m.node.firstChild.className === "stamp" ? m.node.firstChild : null;
  if (!due && there) there.remove();
  if (due && !there) m.node.prepend(el("time", { class: "stamp", datetime: new Date(m.at).toISOString() }, stampText(m.at, { zone, locale, word })));
}

// Stored messages by number, refused ones where they failed, the rest at the end.
const rank = (m) => m.id || m.failedAt || Infinity;

function place(m) {
  let i = items.length;
  while (i > 0 && rank(items[i - 1]) > rank(m)) i--;
  items.splice(i, 0, m);
  log.insertBefore(m.node, items[i + 1] ? items[i + 1].node : null);
  stamp(i);
  stamp(i + 1);
  if (m.out) fit(m.node);
  $("empty").hidden = true;
}

function known(id) {
  newest = Math.max(newest, id);
  oldest = oldest ? Math.min(oldest, id) : id;
}

// messages

function bubble(text) {
  return el("div", { class: "bubble", lang: langOf(text, locale) }, text);
}

function typed(id, uuid, at, text, failedAt) {
  const m = { id, uuid, at, failedAt, node: el("div", { class: "item" }, bubble(text)) };
  place(m);
  return m;
}

function answered(id, at, reply, arrived) {
  const m = { id, at, out: true, reply, node: el("div", { class: `item${arrived ? " new" : ""}` }, card(reply, act)) };
  place(m);
  return m;
}

const byUuid = (uuid) => items.find((m) => m.uuid === uuid);
const has = (id) => items.some((m) => m.id === id);

function pending(p) {
  const m = byUuid(p.id) || typed(0, p.id, 0, p.label || p.text, p.failedAt);
  mark(m, p);
}

// Sending, or not sent and why.
function mark(m, p) {
  const old = m.node.querySelector(".mark");
  if (old) old.remove();
  m.node.classList.toggle("failed", Boolean(p && p.failed));
  if (!p) return;
  m.node.append(p.failed
    ? el("div", { class: "mark" }, `${p.failed} `,
        el("button", { type: "button", onclick: () => retry(m) }, word("retry")),
        el("button", { type: "button", onclick: () => discard(m) }, word("discard")))
    : el("span", { class: "mark" }, clock(), word("sending")));
}

function take(m) {
  items.splice(items.indexOf(m), 1);
  m.node.remove();
}

function retry(m) {
  const p = link.retry(m.uuid);
  if (!p) return;
  take(m);
  m.failedAt = 0;
  place(m);
  mark(m, p);
  banner();
  toBottom();
}

function discard(m) {
  take(m);
  link.forget(m.uuid);
}

function send(text, label) {
  text = text.replace(/\r\n?/g, "\n").replace(/\0/g, "").trim(); // JSON may hold no NUL here
  if (new TextEncoder().encode(text).length > MAX_BYTES) {
    say(word("too_long"));
    return false;
  }
  pending(link.say(text, label && label !== text ? label : undefined));
  composer.close();
  banner();
  toBottom();
  return true;
}

// A message got its number: it moves to its place.
function stored(m, id, at) {
  take(m);
  if (has(id)) return;
  mark(m, null);
  m.id = id;
  m.at = at;
  known(id);
  place(m);
}

// An answer that the server could not store stays where it was shown, until the page is left.
function unkept(f) {
  const asked = f.answers && byUuid(f.answers), follow = stuck;
  if (asked) {
    link.forget(f.answers);
    mark(asked, null);
    take(asked);
    asked.failedAt = newest + 0.5;
    place(asked);
  }
  const m = answered(0, f.at, f.reply, true);
  m.failedAt = newest + 0.5;
  take(m);
  place(m);
  if (follow) into(m);
}

function show(messages) {
  for (const m of messages) {
    if (has(m.id)) continue;
    known(m.id);
    if (m.dir === "in") typed(m.id, null, m.at, m.text);
    else answered(m.id, m.at, m.reply, false);
  }
}

function quick() {
  for (let i = items.length - 1; i >= 0; i--)
    if (items[i].out) return items[i].reply.quick;
  return null;
}

// frames

const frames = {
  welcome(f) {
    strings = { ...own, ...f.strings };
    if (!member || member.handle !== f.member.handle) clear();
    member = f.member;
    zone = member.zone;
    locale = f.locale;
    document.documentElement.lang = locale;
    composer.words(f.commands || [], word);
    composer.belong(member.handle);
    header(f);
    log.setAttribute("aria-label", word("log"));
    $("door").hidden = true;
    scroller.hidden = $("foot").hidden = false;
    link.outbox.forEach(pending);
    composer.offer(quick());
  },
  login(f) {
    strings = { ...own, ...f.strings };
    locale = f.locale;
    member = null;
    document.documentElement.lang = locale;
    showDoor(word, "login_title", failedLogin || "login_text");
  },
  history(f) {
    log.setAttribute("aria-busy", "true");
    const height = scroller.scrollHeight, top = scroller.scrollTop, first = !newest;
    const keep = items.filter((m) => !m.id).length;
    show(f.messages);
    if (f.older) {
      loading = false;
      canOlder = f.more;
      scroller.scrollTop = top + scroller.scrollHeight - height;
    } else if (first) {
      canOlder = f.more;
      toBottom();
    } else {
      if (stuck) toBottom();
      if (f.more) link.transmit({ t: "newer", after: newest });
    }
    if (!items.length && !keep) greet();
    composer.offer(quick());
    log.removeAttribute("aria-busy");
    older();
  },
  ack(f) {
    const m = byUuid(f.id);
    if (m && !m.id) stored(m, f.message, f.at);
    banner();
    if (stuck) toBottom();
  },
  said(f) {
    const m = byUuid(f.id);
    if (m && !m.id) stored(m, f.message, f.at);
    else if (!has(f.message)) {
      known(f.message);
      typed(f.message, f.id, f.at, f.text);
    }
    if (stuck) toBottom();
  },
  message(f) {
    if (f.id === null) {
      unkept(f);
      return;
    }
    if (has(f.id)) return;
    const follow = stuck;
    known(f.id);
    const m = answered(f.id, f.at, f.reply, true);
    composer.offer(quick());
    if (follow) into(m);
    else {
      unread++;
      fresh();
    }
    const spoken = f.reply.locale;
    if (f.answers && spoken && spoken !== locale && refreshed !== spoken) {
      refreshed = spoken; // the member chose another language: get its words
      link.restart();
    }
  },
  refused(f) {
    const p = link.outbox.find((x) => x.id === f.id), m = f.id && byUuid(f.id);
    if (p && m) {
      link.failed(p, newest + 0.5);
      m.failedAt = p.failedAt;
      mark(m, p);
      if (stuck) toBottom();
    } else {
      say(f.text);
    }
    banner();
  },
};

// A card taller than the screen is shown from its first line.
function into(m) {
  toBottom();
  const head = m.node.offsetTop - log.offsetTop - 8;
  if (m.node.offsetHeight > scroller.clientHeight) scroller.scrollTop = head;
}

function clear() {
  items = [];
  oldest = newest = unread = 0;
  canOlder = loading = false;
  stuck = true;
  log.replaceChildren();
  fresh();
}

function greet() {
  const wanted = ["touch", "consensus", "kpi"].map((id) => composer.commands.find((c) => c.id === id)).filter(Boolean);
  const three = [...new Set([...wanted, ...composer.commands])].filter((c) => c.examples && c.examples.length).slice(0, 3);
  $("empty").replaceChildren(el("p", null, word("try")), ...three.map((c) =>
    el("button", { type: "button", onclick: () => composer.fill(c.examples[0]) }, c.examples[0], el("small", null, c.summary || ""))));
  $("empty").hidden = false;
}

function older() {
  if (!canOlder || loading || !oldest || scroller.scrollTop > 400) return;
  loading = true;
  link.transmit({ t: "older", before: oldest });
}

// header, banner, door

let said = "";
function say(text) {
  said = text;
  banner();
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { said = ""; banner(); }, 8000);
}

let state = "connecting", slow = false;
function connection(name) {
  state = name;
  $("dot").className = name === "online" ? "dot on" : "dot";
  $("dot").setAttribute("aria-label", word(name));
  clearTimeout(connection.timer);
  slow = name === "offline";
  if (name === "connecting") connection.timer = setTimeout(() => { slow = true; banner(); }, 600);
  if (name !== "online") loading = false;
  banner();
}
function banner() {
  const n = link ? link.waiting() : 0, line = $("state");
  const text = state === "offline"
    ? (n && strings.offline_one ? word(n === 1 ? "offline_one" : "offline_many", { n }) : strings.offline)
    : state === "connecting" && slow ? strings.connecting : said;
  if (line.textContent !== text) line.textContent = text;
  const kept = stuck;
  line.hidden = !text;
  if (kept) scroller.scrollTop = scroller.scrollHeight;
}

function header(f) {
  const name = (m) => `${m.name} · ${word(`role.${m.role}`) || m.role}`;
  const who = $("who"), menu = $("members");
  who.textContent = `${name(f.member)} ▾`;
  who.hidden = false;
  $("demo").textContent = word("demo");
  $("demo").hidden = !f.demo;
  const entries = f.demo
    ? (f.members || []).map((m) => el("button", { type: "button", "aria-current": m.handle === f.member.handle ? "true" : null, onclick: () => be(m.handle) },
        m.name, el("span", null, word(`role.${m.role}`) || m.role)))
    : [el("button", { type: "button", onclick: logout }, word("logout"))];
  menu.replaceChildren(f.demo ? el("p", null, word("members")) : "", ...entries);
}
function toggle(open) {
  $("members").hidden = !open;
  $("who").setAttribute("aria-expanded", String(open));
}
function be(handle) {
  toggle(false);
  if (member && handle === member.handle) return;
  choose(handle);
  $("say").value = "";
  clear();
  link.leave();
  link.restart();
}

async function logout() {
  toggle(false);
  await forgetMe();
  link.leave();
  clear();
  member = null;
  showDoor(word, "login_title", "signed_out");
}

// wiring

scroller.addEventListener("scroll", () => {
  stuck = atBottom();
  if (stuck && unread) { unread = 0; fresh(); }
  older();
}, { passive: true });
$("fresh").addEventListener("click", toBottom);
$("who").addEventListener("click", () => toggle($("members").hidden));
document.addEventListener("click", (e) => { if (!e.target.closest(".who")) toggle(false); });
document.addEventListener("keydown", (e) => {
  if (e.key === "Escape" && !$("members").hidden) { toggle(false); $("who").focus(); }
});
let width = 0;
new ResizeObserver(() => {
  if (log.clientWidth !== width) {
    width = log.clientWidth;
    fit(log);
  }
  if (stuck) scroller.scrollTop = scroller.scrollHeight;
}).observe(scroller);

document.documentElement.lang = locale;
if (location.pathname.startsWith("/login"))
  enter().then((bad) => { failedLogin = bad; link.connect(); });
else link.connect();
if (matchMedia("(hover: hover)").matches) $("say").focus();
