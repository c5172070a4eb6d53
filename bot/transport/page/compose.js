// The composer: what is typed, recalled, suggested, and the chips above it.
import { el } from "./render.js";
import { kept } from "./link.js";

const MOST = 6, RECALLED = 50, CHIPS = ["today", "touch", "met", "consensus", "follow", "kpi", "help"];
const AT_ONCE = new Set(["today", "help", "week"]);

const fold = (s) => s.normalize("NFKC").toLowerCase().trimStart();

export class Composer {
  // `on` has send(text, label).
  constructor(on) {
    this.on = on;
    this.box = document.getElementById("say");
    this.list = document.getElementById("suggest");
    this.chips = document.getElementById("chips");
    this.commands = [];
    this.sent = [];
    this.back = -1;
    this.active = -1;
    this.box.addEventListener("input", () => { this.back = -1; this.changed(); });
    this.box.addEventListener("keydown", (e) => this.key(e));
    this.box.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== this.box) this.close(); }, 150));
    document.getElementById("send").addEventListener("click", () => { this.send(); this.box.focus(); });
  }

  words(commands, word) {
    this.commands = commands;
    this.box.placeholder = word("placeholder");
    this.box.setAttribute("aria-label", word("composer"));
    this.list.setAttribute("aria-label", word("suggestions"));
    this.chips.setAttribute("aria-label", word("quick"));
    document.getElementById("send").setAttribute("aria-label", word("send"));
  }

  // The draft survives a reload, for each member apart.
  belong(handle) {
    this.draft = `nemawashi.draft.${handle}`;
    if (!this.box.value) this.box.value = kept.read(this.draft) || "";
    this.grow();
  }

  changed() {
    this.grow();
    this.suggest();
    if (this.draft) kept.write(this.draft, this.box.value || null);
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  fill(text) {
    this.box.value = text;
    this.changed();
    this.close();
    this.box.focus();
    this.box.setSelectionRange(text.length, text.length);
  }

  send() {
    const text = this.box.value;
    if (!text.trim()) return;
    if (!this.on.send(text)) return;
    this.remember(text);
    this.box.value = "";
    this.changed();
  }

  remember(text) {
    if (this.sent[0] !== text) this.sent.unshift(text);
    this.sent.length = Math.min(this.sent.length, RECALLED);
    this.back = -1;
  }

  recall(step) {
    const to = Math.max(-1, Math.min(this.sent.length - 1, this.back + step));
    if (to === this.back) return;
    this.back = to;
    this.box.value = to < 0 ? "" : this.sent[to];
    this.grow();
    this.close();
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
  }

  key(e) {
    if (e.isComposing || e.keyCode === 229) return; // Enter belongs to the IME
    const open = !this.list.hidden, up = e.key === "ArrowUp", down = e.key === "ArrowDown";
    if (e.key === "Enter" && !e.shiftKey && !e.altKey) {
      e.preventDefault();
      if (open && this.active >= 0) this.accept(this.active);
      else this.send();
    } else if (e.key === "Tab" && open && !e.shiftKey) {
      e.preventDefault();
      this.accept(this.active >= 0 ? this.active : this.found.length - 1);
    } else if (e.key === "Escape" && open) {
      e.preventDefault();
      this.close();
    } else if ((up || down) && open && this.back < 0) {
      e.preventDefault();
      const n = this.found.length;
      this.mark(this.active < 0 ? (up ? n - 1 : 0) : (this.active + (up ? n - 1 : 1)) % n);
    } else if ((up && (!this.box.value || this.back >= 0)) || (down && this.back >= 0)) {
      e.preventDefault();
      this.recall(up ? 1 : -1);
    }
  }

  // Nearest to the thumb is the likeliest: the list is shown from the bottom upwards.
  matches(typed) {
    const found = [], seen = new Set();
    const add = (fill, note) => {
      const key = fold(fill).trimEnd();
      if (!seen.has(key) && key !== typed.trimEnd()) { seen.add(key); found.push({ fill, note }); }
    };
    for (const c of this.commands) {
      const word = (c.words || []).find((w) => fold(w).startsWith(typed.trimEnd()));
      const whole = word && fold(word) === typed.trimEnd();
      if (word && !whole) add(`${word} `, c.summary);
      for (const x of c.examples || [])
        if (whole || fold(x).startsWith(typed)) add(x, c.summary);
    }
    return found.slice(0, MOST).reverse();
  }

  suggest() {
    const typed = fold(this.box.value);
    this.found = typed && !typed.includes("\n") && typed.length < 60 ? this.matches(typed) : [];
    this.active = -1;
    this.box.removeAttribute("aria-activedescendant");
    if (!this.found.length) { this.close(); return; }
    this.list.replaceChildren(...this.found.map((f, i) => el("li", { role: "option", id: `s${i}`, "aria-selected": "false",
      onpointerdown: (e) => e.preventDefault(), onclick: () => this.accept(i) }, f.fill, f.note ? el("small", null, f.note) : null)));
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
  }

  mark(i) {
    this.active = i;
    Array.from(this.list.children).forEach((li, k) => {
      li.setAttribute("aria-selected", String(k === i));
      if (k === i) li.scrollIntoView({ block: "nearest" });
    });
    this.box.setAttribute("aria-activedescendant", `s${i}`);
  }

  accept(i) {
    const f = this.found[i];
    if (!f) return;
    this.fill(f.fill);
    if (f.fill.endsWith(" ")) this.suggest();
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }

  // The quick replies of the latest answer, or the usual commands.
  offer(quick) {
    const chips = quick && quick.length
      ? quick.map((q) => [q.label, () => this.on.send(q.say, q.label)])
      : CHIPS.map((id) => this.commands.find((c) => c.id === id)).filter(Boolean).map((c) => {
          const word = c.words[0], label = word === "kpi" ? "KPI" : word.charAt(0).toUpperCase() + word.slice(1);
          return [label, () => (AT_ONCE.has(c.id) ? this.on.send(word, label) : this.fill(`${word} `))];
        });
    this.chips.replaceChildren(...chips.map(([label, run]) => el("button", { type: "button", onclick: run }, label)));
    this.chips.scrollLeft = 0;
  }
}
