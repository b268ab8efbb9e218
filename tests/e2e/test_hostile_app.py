"""An app whose code is hostile, opened by an admin who is signed in: what its pages try, in a real browser."""

import json
import re
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.support.apps_api import manifest, zip_of
from tests.support.running_platform import ADMIN, Platform

EVE = {"name": "Eve", "email": "eve@example.org", "password": "patience is a virtue"}
SLUG, VICTIM = "free-cookies", "hello"
MAIN = """
import http.server, os
PLANTED = ("hothouse_session", "__Host-hothouse_session", "hothouse_app", "hothouse_handover")

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        if self.path == "/plant":
            for name in PLANTED:
                for domain in ("localhost", ".localhost", "apps.localhost", ""):
                    suffix = f"; Domain={domain}" if domain else ""
                    self.send_header("Set-Cookie", f"{name}=planted; Path=/{suffix}")
            self.send_header("Clear-Site-Data", '"cookies"')
        is_script = self.path.endswith(".js")
        self.send_header("Content-Type", "text/javascript" if is_script else "text/html; charset=utf-8")
        self.send_header("Service-Worker-Allowed", "/")
        self.end_headers()
        self.wfile.write(b"self.addEventListener('fetch', () => {});" if is_script else b"<h1>Free cookies</h1>")

    def log_message(self, *_): ...

http.server.ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
"""
FETCH = """async ([url, options]) => {
  try {
    const answer = await fetch(url, { credentials: 'include', ...options });
    return `${answer.type} ${answer.status} ${await answer.text()}`;
  } catch (error) { return `failed: ${error.name}`; }
}"""
LOAD = """([tag, key, url]) => new Promise((resolve) => {
  const element = document.createElement(tag);
  element.onload = () => resolve('loaded');
  element.onerror = () => resolve('failed');
  element[key] = url;
  document.body.append(element);
})"""
SUBMIT = """([url, fields, enctype]) => {
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action: url, enctype, target: '_blank' });
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture(scope="module")
def hostile(platform: Platform, token: str) -> None:
    """Eve's app, open to everyone signed in, and an app of Ada's that is hers alone."""
    platform.wait_for_app(VICTIM, token)
    with platform.client() as ada:
        ada.headers["Authorization"] = f"Bearer {token}"
        ada.post("/api/v1/users", json=EVE).raise_for_status()
        ada.patch(f"/api/v1/apps/{VICTIM}", json={"access": "private"}).raise_for_status()
    with platform.client() as eve:
        eve.post("/api/v1/auth/login", json={key: EVE[key] for key in ("email", "password")}).raise_for_status()
        described = manifest(SLUG, access="signed-in")
        archive = zip_of({"manifest.json": json.dumps(described), "main.py": MAIN})
        uploaded = eve.post("/api/v1/uploads", files={"file": ("app.zip", archive, "application/zip")})
        eve.post(f"/api/v1/uploads/{uploaded.json()['id']}/deploy", json={}).raise_for_status()
    platform.wait_for_app(SLUG, token)


@pytest.fixture(scope="module")
def context(browser: Browser, platform: Platform, hostile: None) -> Iterator[BrowserContext]:
    """Ada's browser; she is signed in, and has looked at her own app before."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{platform.url}/sign-in")
    page.get_by_label("E-mail").fill(ADMIN["email"])
    page.get_by_label("Password", exact=True).fill(ADMIN["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Apps", exact=True)).to_be_visible()
    page.goto(platform.app_url(VICTIM))
    page.close()
    yield context
    context.close()


@pytest.fixture
def evil(context: BrowserContext, platform: Platform) -> Iterator[Page]:
    """A page of the hostile app that she opened."""
    page = context.new_page()
    page.goto(platform.app_url(SLUG))
    expect(page.get_by_role("heading", name="Free cookies")).to_be_visible()
    yield page
    for left in context.pages:
        left.close()


class TestHostileApp:
    @pytest.fixture(autouse=True)
    def unharmed(self, context: BrowserContext, platform: Platform, evil: Page) -> Iterator[None]:
        """Whatever was tried: afterwards she is still herself, everywhere, and nothing was made in her name."""
        yield
        page = context.new_page()
        page.goto(platform.url)
        me = page.evaluate(FETCH, ["/api/v1/auth/me", {}])
        assert me.startswith("basic 200")
        assert ADMIN["email"] in me
        assert '"stolen"' not in page.evaluate(FETCH, ["/api/v1/tokens", {}])
        answer = page.goto(platform.app_url(VICTIM))
        assert answer is not None
        assert answer.status == 200
        assert "planted" not in answer.request.headers.get("cookie", "")

    def test_plants_cookies_by_header(self, evil: Page, platform: Platform, context: BrowserContext) -> None:
        evil.goto(f"{platform.app_url(SLUG)}/plant")
        planted = [cookie for cookie in context.cookies() if "planted" in cookie["value"]]
        assert planted == []

    def test_plants_cookies_by_script(self, evil: Page, platform: Platform, context: BrowserContext) -> None:
        """For all apps it can, over plain http; the sign-in that follows finds and removes what it planted."""
        evil.evaluate(
            """() => {
              for (const name of ['hothouse_session', '__Host-hothouse_session', 'hothouse_app', 'hothouse_handover'])
                for (const domain of ['localhost', 'apps.localhost'])
                  for (const path of ['/', '/.hothouse'])
                    document.cookie = `${name}=planted; domain=${domain}; path=${path}`;
            }"""
        )
        at_app = context.cookies(platform.app_url(VICTIM))
        assert "hothouse_app" in [cookie["name"] for cookie in at_app if cookie["value"] == "planted"]
        on_main = [cookie for cookie in context.cookies(platform.url) if cookie["value"] == "planted"]
        assert on_main == []

    def test_overflows_the_cookie_jar(self, evil: Page, platform: Platform, context: BrowserContext) -> None:
        """So that her browser forgets who she is in her app, to which the hand-over takes her back by itself."""
        kept = evil.evaluate(
            """() => {
              for (let i = 0; i < 400; i++) document.cookie = `c${i}=x; domain=apps.localhost; path=/`;
              return document.cookie.split('; ').length;
            }"""
        )
        assert kept < 400
        assert "hothouse_app" not in [cookie["name"] for cookie in context.cookies(platform.app_url(VICTIM))]
        on_main = [cookie["name"] for cookie in context.cookies(platform.url)]
        assert on_main == ["hothouse_session"]

    def test_frames(self, evil: Page, platform: Platform) -> None:
        for url in (platform.url, f"{platform.url}/account", platform.app_url(VICTIM)):
            evil.evaluate(
                """(url) => new Promise((resolve) => {
                  const frame = document.createElement('iframe');
                  frame.onload = resolve;
                  frame.src = url;
                  document.body.append(frame);
                })""",
                url,
            )
        shown = [frame.content() for frame in evil.frames[1:]]
        assert len(shown) == 3
        assert not [text for text in shown if re.search(r'id="app"|<h1>Hello', text)]

    @pytest.mark.parametrize("enctype", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
    def test_posts_forms(self, evil: Page, platform: Platform, context: BrowserContext, enctype: str) -> None:
        attempts = {
            "/api/v1/tokens": {'{"name": "stolen", "x': '": "y"}'},
            "/api/v1/auth/logout": {},
            "/api/v1/auth/login": {key: EVE[key] for key in ("email", "password")},
        }
        for path, fields in attempts.items():
            with context.expect_page() as opened:
                evil.evaluate(SUBMIT, [platform.url + path, fields, enctype])
            expect(opened.value.locator("body")).to_contain_text("cross-site-request")
            opened.value.close()

    def test_fetches(self, evil: Page, platform: Platform) -> None:
        for url in (f"{platform.url}/api/v1/users", f"{platform.url}/api/v1/events", platform.app_url(VICTIM)):
            assert evil.evaluate(FETCH, [url, {}]) == "failed: TypeError"
            assert evil.evaluate(FETCH, [url, {"mode": "no-cors"}]) in ("opaque 0 ", "failed: TypeError")
        post = {"method": "POST", "mode": "no-cors", "body": '{"name": "stolen"}'}
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            evil.evaluate(FETCH, [f"{platform.url}/api/v1/tokens", {**post, "headers": {"Content-Type": kind}}])
        asks_first = {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": '{"name": "stolen"}'}
        assert evil.evaluate(FETCH, [f"{platform.url}/api/v1/tokens", asks_first]) == "failed: TypeError"
        basic = {"method": "POST", "headers": {"Authorization": "Basic eDp4"}, "body": '{"name": "stolen"}'}
        assert evil.evaluate(FETCH, [f"{platform.url}/api/v1/tokens", basic]) == "failed: TypeError"

    def test_loads_as_script_or_picture(self, evil: Page, platform: Platform) -> None:
        for url in (
            f"{platform.url}/api/v1/auth/me",
            f"{platform.url}/favicon.svg",
            f"{platform.app_url(VICTIM)}/style.css",
        ):
            assert evil.evaluate(LOAD, ["script", "src", url]) == "failed"
            assert evil.evaluate(LOAD, ["img", "src", url]) == "failed"

    def test_opens_streams(self, evil: Page, platform: Platform) -> None:
        events = """(url) => new Promise((resolve) => {
          const stream = new EventSource(url, { withCredentials: true });
          stream.onopen = () => resolve('open');
          stream.onerror = () => resolve(stream.readyState === EventSource.CLOSED ? 'closed' : 'trying');
        })"""
        assert evil.evaluate(events, f"{platform.url}/api/v1/events") == "closed"
        socket = """(url) => new Promise((resolve) => {
          const socket = new WebSocket(url);
          socket.onopen = () => resolve('open');
          socket.onclose = () => resolve('closed');
        })"""
        for origin in (platform.url, platform.app_url(VICTIM)):
            assert evil.evaluate(socket, origin.replace("http", "ws", 1) + "/ws") == "closed"

    def test_holds_on_to_windows(self, evil: Page, platform: Platform, context: BrowserContext) -> None:
        with context.expect_page() as opened:
            evil.evaluate("(url) => { window.held = window.open(url, 'main'); }", platform.url)
        main = opened.value
        expect(main.get_by_role("heading", name="Apps", exact=True)).to_be_visible()
        assert main.evaluate("window.opener") is None
        assert evil.evaluate("window.held.closed")  # cut off: it sees a window that is gone
        evil.evaluate("window.held.location = '/elsewhere'")
        expect(main.get_by_role("heading", name="Apps", exact=True)).to_be_visible()

    def test_takes_over_by_service_worker(self, evil: Page, platform: Platform, context: BrowserContext) -> None:
        register = """async ([script, scope]) => {
          try { return (await navigator.serviceWorker.register(script, { scope })).scope; }
          catch (error) { return `failed: ${error.name}`; }
        }"""
        own = platform.app_url(SLUG)
        for other in (platform.url, platform.app_url(VICTIM)):
            assert evil.evaluate(register, ["/worker.js", f"{other}/"]) == "failed: SecurityError"
            assert evil.evaluate(register, [f"{other}/worker.js", f"{own}/"]) == "failed: SecurityError"
        assert evil.evaluate(register, ["/worker.js", "/"]) == f"{own}/"  # its own origin is its own
        evil.evaluate(
            "async () => { for (const one of await navigator.serviceWorker.getRegistrations()) one.unregister(); }"
        )

    def test_widens_its_domain(self, evil: Page, platform: Platform, context: BrowserContext) -> None:
        for domain in ("apps.localhost", "localhost"):
            evil.evaluate("(domain) => { try { document.domain = domain } catch {} }", domain)
        assert evil.evaluate("document.domain") in (f"{SLUG}.apps.localhost", "apps.localhost")
        with context.expect_page() as opened:
            evil.evaluate("(url) => { window.held = window.open(url); }", platform.app_url(VICTIM))
        opened.value.wait_for_load_state()
        reading = "() => { try { return window.held.document.title } catch (error) { return error.name } }"
        assert evil.evaluate(reading) in ("SecurityError", "TypeError")

    def test_sends_her_elsewhere_after_signing_in(self, platform: Platform, browser: Browser) -> None:
        host = f"{SLUG}.apps.localhost"
        paths = (f"/\\{host}", f"/%5C{host}", "/%09/evil", f"//{host}")
        for target in (platform.app_url(SLUG), f"http://localhost@{host}", "javascript:alert(1)", *paths):
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{platform.url}/sign-in?{httpx2.QueryParams({'next': target})}")
            page.get_by_label("E-mail").fill(ADMIN["email"])
            page.get_by_label("Password", exact=True).fill(ADMIN["password"])
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
            assert page.url.startswith(f"{platform.url}/"), target
            context.close()
