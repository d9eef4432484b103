// Looks once a second and replaces the parts that differ; what changed lights up for a moment.
"use strict";

const source = document.body.dataset.source;
const regions = [...document.querySelectorAll("[data-live]")];
const shown = new Map();

function texts(region) {
  return new Map([...region.querySelectorAll("[data-key]")].map((each) => [each.dataset.key, each.textContent]));
}

function controls(region) {
  return [...region.querySelectorAll("select, input, textarea")].filter((each) => each.name);
}

// What somebody has chosen or typed and not sent yet outlives the update.
function keep(region, replace) {
  const of = (each) => `${each.form?.getAttribute("action")} ${each.name}`;
  const chosen = new Map(controls(region).map((each) => [of(each), each.value]));
  const focused = region.contains(document.activeElement) && of(document.activeElement);
  replace();
  for (const each of controls(region)) {
    const value = chosen.get(of(each));
    const fits = each.tagName !== "SELECT" || [...each.options].some((option) => option.value === value);
    if (value !== undefined && fits) each.value = value;
    if (focused === of(each)) each.focus();
  }
}

function show(region, html) {
  if (shown.get(region) === html) return;
  shown.set(region, html);
  const before = texts(region);
  keep(region, () => (region.innerHTML = html));
  for (const each of region.querySelectorAll("[data-key]")) {
    each.classList.toggle("changed", before.get(each.dataset.key) !== each.textContent);
  }
}

async function look() {
  try {
    const answer = await fetch(source, { cache: "no-store" });
    if (!answer.ok) return location.reload();
    const parts = await answer.json();
    regions.forEach((region) => show(region, parts[region.dataset.live]));
    document.body.classList.remove("offline");
  } catch {
    document.body.classList.add("offline");
  }
  setTimeout(look, 1000);
}

if (source) look();
