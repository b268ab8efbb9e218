(async () => {
  const reason = document.getElementById("reason");
  const log = document.getElementById("log");
  let seen = 0;
  let pause = 0;
  for (;;) {
    try {
      const answer = await fetch(`/.hothouse/status?seen=${seen}`, { headers: { accept: "application/json" } });
      if (answer.status === 401) {
        // Not for this visitor, who may ask this very page all the same: look whether it is there by now.
        setTimeout(() => location.reload(), 1500);
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const status = await answer.json();
      if (status.ready || status.state === "failed" || status.state === "stopped") {
        location.reload();
        return;
      }
      pause = seen === status.version ? 250 : 0;
      seen = status.version;
      if (reason.textContent !== status.reason) reason.textContent = status.reason;
      const text = status.log_tail.join("\n");
      if (log.textContent !== text) {
        log.textContent = text;
        log.scrollTop = log.scrollHeight;
      }
    } catch {
      pause = 1500;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
})();
