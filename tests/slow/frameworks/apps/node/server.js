// A plain server, without any package: a page with a slider and a form, and the size of what is uploaded.
const http = require("node:http");

const PAGE = `<!doctype html><html lang="en"><title>Squares</title><h1>Squares</h1>
<label>Number <input id="number" type="range" min="0" max="20" value="3"></label><p id="answer"></p>
<form method="post" action="/upload" enctype="multipart/form-data">
<label>A file <input type="file" name="file"></label> <button>Upload</button></form>
<script>
const number = document.getElementById("number");
async function ask() {
  document.getElementById("answer").textContent = await (await fetch("/square?of=" + number.value)).text();
}
number.addEventListener("input", ask);
ask();
</script>`;

async function size(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const type = request.headers["content-type"];
  const form = await new Response(Buffer.concat(chunks), { headers: { "content-type": type } }).formData();
  return form.get("file").size;
}

http
  .createServer(async (request, response) => {
    const url = new URL(request.url, "http://app");
    if (url.pathname === "/square") {
      response.end(`Its square is ${url.searchParams.get("of") ** 2}`);
    } else if (request.method === "POST") {
      response.setHeader("content-type", "text/html");
      response.end(`<!doctype html><html lang="en"><title>Size</title><p>It has ${await size(request)} bytes</p>`);
    } else {
      response.setHeader("content-type", "text/html");
      response.end(PAGE);
    }
  })
  .listen(Number(process.env.PORT), process.env.HOST || "127.0.0.1");
