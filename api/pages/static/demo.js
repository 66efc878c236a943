"use strict";
// Moves the demo's clock and shows the page anew. Without this file the page is read as well.
const form = document.getElementById("clock");
form?.addEventListener("submit", async (sent) => {
  sent.preventDefault();
  const said = document.getElementById("said");
  const button = form.querySelector("button");
  button.disabled = true;
  said.textContent = "…";
  try {
    const answer = await fetch("/api/v1/demo/clock", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Accept-Language": form.dataset.lang,
        "X-CSRF-Token": /(?:^|; )(?:__Host-)?guitu_csrf=(\w+)/.exec(document.cookie)?.[1] ?? "",
      },
      body: JSON.stringify({ to: form.elements.to.value }),
    });
    const body = await answer.json();
    if (answer.ok) {
      location.reload();
      return;
    }
    said.textContent = `${body.detail} ${body.would_allow}`;
  } catch (error) {
    said.textContent = String(error.message || error);
  }
  button.disabled = false;
});
