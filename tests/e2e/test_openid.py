"""Signing in by OpenID providers in a real browser: two of them at once, each a certified one in its own process."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.support.node_provider import NodeProvider
from tests.support.running_platform import ADMIN, Platform
from tests.support.screens import assert_accessible, assert_fits, on_a_dark_phone, sign_in, type_command

Shot = Callable[[Page, str], None]
HOME = "Hothouse, home"


@dataclass
class Lab:
    """A platform, and the two providers that it knows."""

    platform: Platform
    lab: NodeProvider
    guests: NodeProvider
    ada: httpx2.Client

    def groups_of(self, email: str) -> list[str]:
        """Return the names of the groups that hold somebody."""
        found = []
        for group in self.ada.get("/api/v1/groups").json()["items"]:
            members = self.ada.get(f"/api/v1/groups/{group['id']}/members").json()["items"]
            if any(one["member"]["email"] == email and one["via"] == "oidc:lab" for one in members):
                found.append(group["name"])
        return found


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab, guests = NodeProvider("lab", groups_in="groups"), NodeProvider("guests")
    providers = [
        lab.settings(icon="flask", allowed_domains=["lab.org"], group_claim="groups", group_prefix=""),
        guests.settings(icon="google", name="Guests"),
    ]
    home = tmp_path_factory.mktemp("openid") / "home"
    platform = Platform(home, settings={"HOTHOUSE_OIDC_PROVIDERS": json.dumps(providers)})
    try:
        platform.start()  # neither provider is there yet
        for provider in (lab, guests):
            provider.start(platform.url)
        with platform.client() as ada:
            ada.post("/api/v1/auth/login", json=ADMIN).raise_for_status()
            yield Lab(platform, lab, guests, ada)
    finally:
        platform.close()
        for provider in (lab, guests):
            provider.stop()


def go_to(page: Page, lab: Lab, provider: str = "Lab", path: str = "/sign-in") -> None:
    """Press a provider's button on the sign-in page."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{lab.platform.url}{path}")
    page.get_by_role("button", name=f"Sign in with {provider}").click()


def be(page: Page, login: str) -> None:
    """Say at the provider who one is."""
    page.get_by_label("Login").fill(login)
    page.get_by_role("button", name="Continue").click()


class TestSignIn:
    def test_the_sign_in_page(self, lab: Lab, page: Page, shot: Shot) -> None:
        page.emulate_media(reduced_motion="reduce")
        page.goto(f"{lab.platform.url}/sign-in")
        for name in ("Lab", "Guests"):
            expect(page.get_by_role("button", name=f"Sign in with {name}")).to_be_visible()
        assert_accessible(page)
        shot(page, "openid-sign-in")
        on_a_dark_phone(page)
        assert_fits(page)
        assert_accessible(page)
        shot(page, "openid-sign-in-phone-dark")

    def test_groups_come_and_go(self, lab: Lab, page: Page) -> None:
        """By keyboard alone, on the way to a page of the platform, and out again at both."""
        lab.lab.know("mia", groups=["optics", "lasers"])
        page.goto(f"{lab.platform.url}/account")
        page.get_by_role("button", name="Sign in with Lab").focus()
        page.keyboard.press("Enter")
        page.get_by_label("Login").fill("mia")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Name", exact=True)).to_have_value("Mia")
        assert re.search("/account$", page.url), page.url
        assert sorted(lab.groups_of("mia@lab.org")) == ["lasers", "optics"]

        lab.lab.know("mia", groups=["lasers"])
        self._sign_out(page)
        page.get_by_role("button", name="Sign in with Lab").click()
        be(page, "mia")
        expect(page.get_by_role("link", name=HOME)).to_be_visible()
        assert lab.groups_of("mia@lab.org") == ["lasers"]

    def _sign_out(self, page: Page) -> None:
        type_command(page, "Sign out")
        page.get_by_role("option", name="Sign out").click()
        page.get_by_role("button", name="Yes, sign out").click()
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()

    def test_cancelled(self, lab: Lab, page: Page, shot: Shot) -> None:
        go_to(page, lab)
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("heading", name="Not signed in")).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("Lab did not sign you in")
        assert "?" not in page.url
        assert_accessible(page)
        shot(page, "openid-cancelled")
        page.get_by_role("link", name="Back to sign-in").click()
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()

    def test_unverified_address(self, lab: Lab, page: Page) -> None:
        lab.lab.know("eve", email="ada@lab.org", email_verified=False)
        go_to(page, lab)
        be(page, "eve")
        expect(page.get_by_role("heading", name="E-mail address not verified")).to_be_visible()
        page.goto(f"{lab.platform.url}/account")
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()

    def test_nobody_invited_them(self, lab: Lab, page: Page, shot: Shot) -> None:
        lab.guests.know("tom", email="tom@elsewhere.org")
        go_to(page, lab, "Guests")
        be(page, "tom")
        expect(page.get_by_role("heading", name="No account for you yet")).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("tom@elsewhere.org")
        shot(page, "openid-no-account")
        lab.ada.post("/api/v1/invitations", json={"email": "tom@elsewhere.org"}).raise_for_status()
        page.get_by_role("link", name="Back to sign-in").click()
        page.get_by_role("button", name="Sign in with Guests").click()
        expect(page.get_by_role("link", name=HOME)).to_be_visible()

    def test_an_address_that_was_used(self, lab: Lab, page: Page, own_page: Callable[[], Page]) -> None:
        """What the browser came back with is of no use to anybody who finds it, nor to another browser."""
        came: list[str] = []
        page.on("framenavigated", lambda frame: came.append(frame.url) if "code=" in frame.url else None)
        lab.lab.know("zoe")
        go_to(page, lab)
        be(page, "zoe")
        expect(page.get_by_role("link", name=HOME)).to_be_visible()
        for found in (page, own_page()):
            found.goto(came[0])
            expect(found.get_by_role("heading", name="Sign-in not begun here")).to_be_visible()

    def test_signed_out_at_the_provider(self, lab: Lab, page: Page) -> None:
        """The provider tells Hothouse, which ends the session that began there."""
        lab.lab.know("kim")
        go_to(page, lab)
        be(page, "kim")
        expect(page.get_by_role("link", name=HOME)).to_be_visible()
        elsewhere = page.context.new_page()
        elsewhere.goto(f"{lab.lab.issuer}/session/end")
        elsewhere.get_by_role("button", name="Yes, sign out").click()
        expect(elsewhere.get_by_role("heading", name="Signed out")).to_be_visible()
        page.reload()
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


class TestAccount:
    def test_ways_in(self, lab: Lab, page: Page, shot: Shot) -> None:
        lab.lab.know("ida")
        lab.guests.know("ida-at-home", email="ida@home.org")
        go_to(page, lab, path="/sign-in?next=%2Faccount")
        be(page, "ida")
        ways = page.get_by_role("list", name="Ways to sign in")
        expect(ways.get_by_text("ida@lab.org")).to_be_visible()
        page.get_by_role("button", name="Unlink Lab, ida@lab.org").click()
        page.get_by_role("dialog").get_by_role("button", name="Unlink Lab").click()
        expect(page.get_by_role("alert")).to_contain_text("the only way left")
        assert_accessible(page)
        shot(page, "openid-last-way-in")
        page.get_by_role("button", name="Cancel").click()

        page.get_by_role("button", name="Link Guests").click()
        page.get_by_role("dialog").get_by_role("button", name="Link Guests").click()
        be(page, "ida-at-home")
        expect(ways.get_by_text("ida@home.org")).to_be_visible()
        page.mouse.move(0, 0)
        assert_accessible(page)
        shot(page, "openid-ways-in")
        on_a_dark_phone(page)
        assert_fits(page)
        assert_accessible(page)
        page.get_by_role("heading", name="Ways to sign in").scroll_into_view_if_needed()
        shot(page, "openid-ways-in-phone-dark")
        page.set_viewport_size({"width": 1280, "height": 800})
        self._unlink(page)
        self._password(page, shot)

    def _unlink(self, page: Page) -> None:
        page.get_by_role("button", name="Unlink Lab, ida@lab.org").click()
        page.get_by_role("dialog").get_by_role("button", name="Unlink Lab").click()
        expect(page.get_by_text("Lab unlinked", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Unlink Lab, ida@lab.org")).to_be_hidden()

    def _password(self, page: Page, shot: Shot) -> None:
        """Set a first one, and remove it again, for which it is asked."""
        expect(page.get_by_label("Present password")).to_be_hidden()
        page.get_by_label("New password").fill("willow ferry button")
        page.get_by_role("button", name="Set password").click()
        expect(page.get_by_text("Password set", exact=True)).to_be_visible()
        page.get_by_role("button", name="Remove password").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Your password").fill("not that one")
        dialog.get_by_role("button", name="Remove password").click()
        expect(dialog.get_by_text("This is not your present password.")).to_be_visible()
        page.mouse.move(0, 0)  # a button that is pointed at is paler for the moment
        assert_accessible(page)
        shot(page, "openid-remove-password")
        dialog.get_by_label("Your password").fill("willow ferry button")
        dialog.get_by_role("button", name="Remove password").click()
        expect(page.get_by_text("Password removed", exact=True)).to_be_visible()
        expect(page.get_by_label("Present password")).to_be_hidden()

    def test_from_the_palette(self, lab: Lab, page: Page) -> None:
        sign_in(page, lab.platform)
        type_command(page, "ways to sign")
        page.get_by_role("option", name=re.compile("Ways to sign in")).click()
        expect(page.get_by_role("region", name="Ways to sign in")).to_be_focused()


def test_provider_is_down(lab: Lab, page: Page, shot: Shot) -> None:
    """Last, since it does not come back."""
    lab.guests.stop()
    go_to(page, lab, "Guests")
    expect(page.get_by_role("alert")).to_contain_text("Guests does not answer as it should")
    expect(page.get_by_role("button", name="Sign in with Guests")).to_be_enabled()
    assert_accessible(page)
    shot(page, "openid-provider-away")
    lab.lab.know("uma")
    page.get_by_role("button", name="Sign in with Lab").click()
    be(page, "uma")
    expect(page.get_by_role("link", name=HOME)).to_be_visible()
