// Looks once a second and replaces the parts that differ; what changed lights up for a moment.
"use strict";

const source = document.body.dataset.source;
const regions = [...document.querySelectorAll("[data-live]")];
const shown = new Map();

function texts(region) {
  return new Map([...region.querySelectorAll("[data-key]")].map((each) => [each.dataset.key, each.textContent]));
}

function show(region, html) {
  if (shown.get(region) === html) return;
  shown.set(region, html);
  const before = texts(region);
  region.innerHTML = html;
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
