// What the pages do in the browser beside htmx: say when they cannot renew themselves, and ask before what is not undone.
document.addEventListener("htmx:after:request", (event) => {
  const answered = event.detail?.ctx?.response;
  document.documentElement.classList.toggle("offline", !answered || answered.status >= 400);
});
document.addEventListener("htmx:error", () => document.documentElement.classList.add("offline"));
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});
