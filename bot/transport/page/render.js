// Neutral replies and typed lines as elements. Everything from outside goes in as text,
// never as markup.

export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [k, v] of Object.entries(props || {})) {
    if (v === undefined || v === null || v === false) continue;
    if (k === "class") node.className = v;
    else if (k.startsWith("on")) node.addEventListener(k.slice(2), v);
    else node.setAttribute(k, v === true ? "" : v);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [k, v] of Object.entries(attributes)) node.setAttribute(k, v);
  node.append(...children);
  return node;
}

// The language of a stretch of text, so that Han characters get the right shapes.
export function langOf(text, otherwise) {
  if (/[\u3040-\u30ff]/.test(text)) return "ja";
  if (/[\uac00-\ud7af]/.test(text)) return "ko";
  if (/[\u0e00-\u0e7f]/.test(text)) return "th";
  if (/[\u4e00-\u9fff]/.test(text)) return /^(ja|zh)/.test(otherwise) ? otherwise : "ja";
  return otherwise;
}

// About how wide a text is, in Latin letters.
const width = (text) => Array.from(text).reduce((n, c) => n + (c > "\u2e80" ? 2 : 1), 0);
const KEPT = 22, NAME = 44, LONG = 40;

// Facts between " · ": a short one is never broken ("45 min"), and each run from ≈ to the
// next dot may be tapped to change it. `first`: what the card is called stands out, a
// whole sentence does not.
function runs(text, act, first) {
  const out = [];
  text.split(/( · |\n)/).forEach((piece, i) => {
    if (piece === " · ") { out.push("\u00a0· "); return; } // never first on a line
    const at = piece.indexOf("≈");
    const plain = at < 0 ? piece : piece.slice(0, at), short = width(piece) <= KEPT && piece.includes(" ");
    if (plain && i === 0 && first && (width(plain) <= NAME || text.length > plain.length)) out.push(el("b", null, plain));
    else if (plain) out.push(short && plain.trim() ? el("span", { class: "kept" }, plain) : plain);
    if (at < 0) return;
    const run = piece.slice(at);
    out.push(act.record
      ? el("button", { type: "button", class: short ? "assumed kept" : "assumed", "aria-label": act.word("change", { what: run.slice(1) }),
          onclick: () => act.fill(`edit ${act.record} `) }, run)
      : run);
  });
  return out;
}

const parts = {
  text: (p, act) => el("p", { class: p.soft ? "text soft" : "text" }, ...runs(p.text || "", act)),
  note: (p, act) => el("blockquote", { class: "note", lang: langOf(p.text || "", act.locale) }, p.text || ""),
  warning: (p) => el("p", { class: "warning" }, `▲ ${p.text || ""}`),
  fields: (p, act) => (p.fields || []).some((f) => f.say) ? figures(p, act) : el("dl", { class: tall(p) ? "fields tall" : "fields" }, ...(p.fields || []).flatMap((f) =>
    [el("dt", null, f.label), el("dd", null, ...runs(String(f.value ?? ""), act))])),
  list: (p, act) => el("ul", { class: "list" }, ...(p.items || []).map((i) => item(i, act))),
  table,
  progress,
  chart,
  file,
};

// Values that are mostly long stand below their labels.
const tall = (p) => 2 * (p.fields || []).filter((f) => width(String(f.value ?? "")) > LONG).length > (p.fields || []).length;

// Lines of a card that can be looked into.
function figures(p, act) {
  return el("ul", { class: "list figures" }, ...p.fields.map((f) => {
    const line = [el("span", null, f.label), el("span", null, ...runs(String(f.value ?? ""), {}))];
    return f.say ? el("li", { class: "tap" }, el("button", { type: "button", onclick: once(() => act.say(f.say, f.label)) }, ...line))
      : el("li", null, ...line);
  }));
}

function item(i, act) {
  const note = i.note && typeof i.note === "string"
    ? el("blockquote", { class: "note", lang: langOf(i.note, act.locale) }, i.note) : null;
  return i.say
    ? el("li", { class: "tap" }, el("button", { type: "button", onclick: once(() => act.say(i.say, i.text)) }, ...runs(i.text || "", {})), note)
    : el("li", null, ...runs(i.text || "", {}), note);
}

function table(p) {
  const columns = p.columns || [];
  const side = (i) => (columns[i] && /^r/.test(columns[i].align || "") ? "right" : null);
  const heads = columns.some((c) => c.label)
    ? el("thead", null, el("tr", { role: "row" }, ...columns.map((c, i) =>
        el("th", { scope: "col", role: "columnheader", class: side(i) }, c.label || ""))))
    : null;
  const rows = (p.rows || []).map((r) => el("tr", { role: "row" }, ...r.map((cell, i) =>
    el("td", { role: "cell", class: side(i), "data-label": (columns[i] && columns[i].label) || "" }, String(cell ?? "")))));
  return el("div", { class: "tablewrap" }, el("table", { role: "table" }, heads, el("tbody", { role: "rowgroup" }, ...rows)));
}

function progress(p) {
  const done = Number(p.done) || 0, total = Math.max(Number(p.total) || 0, 1);
  return el("div", { class: "progress" },
    el("div", { class: "rail", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": total, "aria-valuenow": done, "aria-label": p.label || `${done}/${total}` },
      svg("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { width: Math.min(100, 100 * done / total), height: 6 }))),
    el("span", null, p.label || `${done}/${p.total}`));
}

// A picture comes with its reply, for light and for dark; what it shows is also in words.
const PNG = /^iVBORw0KGgo[A-Za-z0-9+/]+=*$/;
// Known before it is drawn, so that nothing moves then.
function sizeOf(png) {
  const head = atob(png.slice(0, 32)), at = (i) => (head.charCodeAt(i) << 24 | head.charCodeAt(i + 1) << 16 | head.charCodeAt(i + 2) << 8 | head.charCodeAt(i + 3)) >>> 0;
  return { width: at(16), height: at(20) };
}
function chart(p, act) {
  const picture = () => {
    const [light, dark] = [p.png, p.png_dark].map((b) => typeof b === "string" && PNG.test(b) ? `data:image/png;base64,${b}` : null);
    return light && el("picture", null,
      dark && el("source", { srcset: dark, media: "(prefers-color-scheme: dark)" }), el("img", { src: light, alt: p.alt || "", ...sizeOf(p.png) }));
  };
  const shown = picture();
  return shown
    ? el("button", { type: "button", class: "chart", "aria-label": `${act.word("chart")}: ${p.alt || ""}`, onclick: () => enlarge(picture(), act) }, shown)
    : el("p", { class: "text soft" }, p.alt || "");
}

function file(p, act) {
  return typeof p.url === "string" && /^\/file\/[0-9a-f]+$/.test(p.url)
    ? el("a", { class: "file", href: p.url, download: p.name }, act.word("download").replace("{what}", p.name))
    : el("p", { class: "text soft" }, p.alt || "");
}

// Over the whole page, twice as large, to be moved under the thumb; a tap closes it.
function enlarge(picture, act) {
  const close = () => dialog.close();
  const dialog = el("dialog", { class: "zoom", "aria-label": act.word("chart"), onclose: () => dialog.remove() },
    el("button", { type: "button", onclick: close }, picture));
  document.body.append(dialog);
  dialog.showModal();
}

// A second tap within a second is a slip of the thumb.
function once(run) {
  let last = 0;
  return () => {
    const now = Date.now();
    if (now - last > 1000) { last = now; run(); }
  };
}

const OPENS = /^(https?|line|mailto|tel|sms|whatsapp|weixin|kakaotalk|kakaolink):/i;

function button(b, act) {
  const style = b.style === "primary" || b.style === "quiet" ? b.style : null;
  if (b.url && OPENS.test(b.url))
    return el("a", { class: style, href: b.url, target: "_blank", rel: "noopener noreferrer" }, b.label);
  return el("button", { type: "button", class: style,
    onclick: b.style === "fill" ? () => act.fill(b.say) : once(() => act.say(b.say, b.label)) }, b.label);
}

// In the short style of an answer: what explains it waits behind a tap.
const extra = (p) => p.kind === "fields" || p.kind === "note" || (p.kind === "text" && p.soft);
function shortened(reply, known, act) {
  const brief = reply.style === "short" && reply.status === "ok";
  const shown = known.filter((p) => !brief || !extra(p)).map((p) => parts[p.kind](p, act));
  const rest = known.filter((p) => brief && extra(p)).map((p) => parts[p.kind](p, act));
  return rest.length ? [...shown, el("details", { class: "rest" }, el("summary", null, act.word("rest")), ...rest)] : shown;
}

// `act` has say(text, label), fill(text), word(key, values).
export function card(reply, act) {
  const locale = reply.locale || act.locale;
  const mine = { ...act, locale, record: reply.records && reply.records[0] && reply.records[0].id };
  const known = (reply.parts || []).filter((p) => parts[p.kind]);
  const buttons = (reply.buttons || []).map((b) => button(b, mine));
  const title = reply.title || (known.length ? "" : reply.text || "");
  return el("div", { class: reply.style === "dense" ? "card dense" : "card", lang: locale },
    title ? el("p", { class: "title" }, ...runs(title, mine, true)) : null,
    ...shortened(reply, known, mine),
    buttons.length ? el("div", { class: "buttons" }, ...buttons) : null);
}

// Tables that do not fit their card wrap their words; if that is not enough, each row
// becomes a block of label and value.
export function fit(root) {
  for (const wrap of root.querySelectorAll(".tablewrap")) {
    const t = wrap.firstChild, wide = () => t.scrollWidth > wrap.clientWidth + 1;
    t.className = "tight";
    if (!wrap.clientWidth || !wide()) continue;
    t.className = "";
    const cells = t.rows.length ? t.rows[t.rows.length - 1].cells : [];
    if (wide() || (cells.length > 4 && wrap.clientWidth < 480) || Array.from(cells).some((c) => c.clientWidth < 64 && !c.classList.contains("right")))
      t.className = "stacked";
  }
}

export function clock() {
  return svg("svg", { viewBox: "0 0 16 16", width: 13, height: 13, fill: "none", stroke: "currentColor", "stroke-width": 1.6, "aria-hidden": "true" },
    svg("circle", { cx: 8, cy: 8, r: 6.4 }), svg("path", { d: "M8 4.4V8l2.4 1.6", "stroke-linecap": "round" }));
}

export const day = (at, zone) => new Intl.DateTimeFormat("sv", { timeZone: zone }).format(at);
// When it was said, in the reader's zone and manner.
export function stampText(at, { zone, locale, word }) {
  const time = new Intl.DateTimeFormat(locale, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
  const now = Date.now(), d = day(at, zone);
  if (d === day(now, zone)) return time;
  if (d === day(now - 86400000, zone)) return `${word("yesterday")} ${time}`;
  const far = d.slice(0, 4) !== day(now, zone).slice(0, 4);
  if (/^ja/.test(locale)) {
    const [y, m, n] = d.split("-").map(Number);
    const week = new Intl.DateTimeFormat("ja", { timeZone: zone, weekday: "short" }).format(at);
    return `${far ? `${y}/` : ""}${m}/${n}(${week}) ${time}`;
  }
  return `${new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: "short", day: "numeric", month: "short", year: far ? "numeric" : undefined }).format(at)} ${time}`;
}
