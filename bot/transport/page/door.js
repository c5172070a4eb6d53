// Coming in by a one-time link, and leaving. The token is posted, never fetched: a
// preview of the link uses nothing up.

const $ = (id) => document.getElementById(id);

// Goes on to the chat, or says why a link was tried in vain: a word's name, or "".
export async function enter() {
  const token = location.hash.slice(1) || location.pathname.slice("/login/".length);
  const answer = await fetch("/login", { method: "POST", body: JSON.stringify({ token }) }).catch(() => null);
  if (answer && answer.ok) {
    location.replace("/");
    return new Promise(() => {});
  }
  history.replaceState(null, "", "/");
  if (answer && answer.status === 429) return "login_many";
  return token ? "login_bad" : "";
}

export const forgetMe = () => fetch("/logout", { method: "POST" }).catch(() => {});

export function showDoor(word, title, text) {
  for (const id of ["scroll", "foot", "who"]) $(id).hidden = true;
  $("door").hidden = false;
  $("door-title").textContent = word(title);
  $("door-text").textContent = word(text);
}
