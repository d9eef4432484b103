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
