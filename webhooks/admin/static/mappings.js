// Leads from a problem to its place in the text: the line is selected in the editor. Without it, the numbers lead there.
document.addEventListener("click", (event) => {
  const where = event.target.closest("[data-line]")?.dataset;
  const text = where && document.getElementById(where.text);
  if (!text) return;
  const lines = text.value.split("\n");
  const start = lines.slice(0, where.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[where.line - 1] ?? "").length);
  text.scrollTop = (text.scrollHeight / lines.length) * Math.max(where.line - 5, 0);
});

// What the server found while somebody types is marked at the cells as well.
document.addEventListener("htmx:after:swap", () => {
  const found = new Map();
  for (const link of document.querySelectorAll("#problems [data-cell]")) {
    found.set(link.dataset.cell, [...(found.get(link.dataset.cell) ?? []), link.nextElementSibling.textContent]);
  }
  for (const why of document.querySelectorAll("span.why")) {
    const said = found.get(why.id.slice(4)) ?? [], cell = document.getElementById(why.id.slice(4));
    why.hidden = !said.length;
    why.textContent = said.join(" ");
    if (said.length) cell?.setAttribute("aria-invalid", "true");
    else cell?.removeAttribute("aria-invalid");
  }
});

// A preview that is still being made is asked for again, unless somebody goes on typing.
const working = document.querySelector("[data-again]");
if (working) {
  const form = document.getElementById(working.dataset.again);
  const again = setTimeout(() => form.requestSubmit(), 600);
  form.addEventListener("input", () => clearTimeout(again));
}

// What can stand at the cursor: asked of the server, shown as a list, chosen by keyboard or pointer.
const MOST = 12;
for (const box of document.querySelectorAll("textarea[data-complete]")) {
  const hint = box.parentElement.nextElementSibling, status = hint.nextElementSibling;
  const list = document.createElement("ul");
  let found = null, chosen = 0, asked = 0;
  list.id = `${box.id}-offers`;
  list.className = "offers";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", hint.textContent);
  list.hidden = true;
  box.after(list);
  box.setAttribute("aria-controls", list.id);
  hint.hidden = false;

  const close = () => {
    list.hidden = true;
    found = null;
    box.removeAttribute("aria-activedescendant");
  };
  const choose = (number) => {
    chosen = (number + found.offers.length) % found.offers.length;
    [...list.children].forEach((each, at) => each.setAttribute("aria-selected", String(at === chosen)));
    box.setAttribute("aria-activedescendant", list.children[chosen].id);
  };
  const take = () => {
    const { typed, rest, offers } = found, at = box.selectionStart;
    box.setRangeText(offers[chosen].text, at - typed.length, at + rest.length, "end");
    close();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const place = () => {
    const style = getComputedStyle(box), height = parseFloat(style.lineHeight);
    const before = box.value.slice(0, box.selectionStart - found.typed.length).split("\n");
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    const left = pen.measureText(before.at(-1)).width + parseFloat(style.paddingLeft) - box.scrollLeft;
    list.style.top = `${before.length * height + parseFloat(style.paddingTop) - box.scrollTop + 4}px`;
    list.style.left = `${Math.max(0, Math.min(left, box.clientWidth - list.offsetWidth))}px`;
  };
  const ask = async (aloud) => {
    const number = ++asked;
    const answer = await fetch(box.dataset.complete, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": box.form.elements.csrf_token.value },
      body: JSON.stringify({ file: box.dataset.file, text: box.value, at: box.value.slice(0, box.selectionStart) }),
    });
    if (number !== asked || !answer.ok) return;
    found = await answer.json();
    found?.offers.splice(MOST);
    if (!found?.offers.length) {
      if (aloud) status.textContent = box.dataset.nothing;
      close();
      return;
    }
    list.replaceChildren(
      ...found.offers.map(({ text, about }, at) => {
        const item = document.createElement("li"), name = document.createElement("span");
        item.id = `${list.id}-${at}`;
        item.setAttribute("role", "option");
        name.className = "name";
        name.textContent = text;
        item.append(name);
        if (about) {
          const said = document.createElement("span");
          said.className = "about";
          said.textContent = about;
          item.append(said);
        }
        return item;
      }),
    );
    list.hidden = false;
    choose(0);
    place();
    status.textContent = box.dataset.offered.replace("%(number)s", found.offers.length);
  };

  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.code === "Space") ask(true);
    else if (list.hidden) return;
    else if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") take();
    else if (event.key === "Escape") close();
    else {
      if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") close();
      return;
    }
    event.preventDefault();
  });
  box.addEventListener("input", () => list.hidden || ask(false));
  box.addEventListener("blur", close);
  window.addEventListener("resize", close);
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("[role=option]");
    event.preventDefault();
    if (!item) return;
    choose([...list.children].indexOf(item));
    take();
  });
}
