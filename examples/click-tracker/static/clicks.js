const button = document.querySelector("#click");
const count = document.querySelector("#count");
const problem = document.querySelector("#problem");
const activity = document.querySelector("#activity");

async function fetchOk(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response;
}

// Answers may come in another order than their questions, so a lower count never replaces a higher one.
function show(value) {
  if (value <= Number(count.value)) return;
  count.value = value;
  count.animate([{ scale: 1.15 }, { scale: 1 }], { duration: 250, easing: "ease-out" });
}

async function refreshActivity() {
  activity.innerHTML = await (await fetchOk("/activity")).text();
}

button.addEventListener("click", async () => {
  try {
    show((await (await fetchOk("/api/clicks", { method: "POST" })).json()).count);
    await refreshActivity();
    problem.hidden = true;
  } catch (error) {
    console.error(error);
    problem.hidden = false;
  }
});

// Whoever comes back to the page sees what the others did meanwhile.
document.addEventListener("visibilitychange", async () => {
  if (document.visibilityState !== "visible") return;
  show((await (await fetchOk("/api/clicks")).json()).count);
  await refreshActivity();
});
