"""People in a real browser: what they do with their own account, and what admins do with others'."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.support.running_platform import ADMIN, Platform
from tests.support.screens import assert_accessible, assert_fits, on_a_dark_phone, on_a_light_desk, sign_in

MIA = {"email": "mia@example.org", "password": "lilac gate pebble"}
NOA = {"email": "noa@example.org", "password": "harbour violin moss"}
IDA = {"email": "ida@example.org", "password": "copper meadow flute"}
Shot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of its own, whose admin is Ada: her passwords and sessions change here."""
    platform = Platform(tmp_path_factory.mktemp("people") / "home")
    platform.start()
    yield platform
    platform.close()


def person(page: Page, email: str) -> Locator:
    return page.locator(f"[data-person='{email}']")


def act(page: Page, name: str, action: str) -> Locator:
    """Choose an action for a person, and return the dialog that asks whether it is meant."""
    page.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menuitem", name=action, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


class TestAccount:
    def test_name(self, lab: Platform, page: Page, shot: Shot) -> None:
        sign_in(page, lab)
        page.goto(f"{lab.url}/account")
        page.get_by_label("Name", exact=True).fill("Ada Lovelace")
        page.get_by_role("button", name="Change name").click()
        expect(page.get_by_role("button", name="Change name")).to_be_disabled()
        assert_accessible(page)
        shot(page, "account")
        page.reload()
        expect(page.get_by_label("Name", exact=True)).to_have_value("Ada Lovelace")
        on_a_dark_phone(page)
        assert_fits(page)
        assert_accessible(page)
        shot(page, "account-phone-dark")

    def test_sessions(self, lab: Platform, page: Page, own_page: Callable[[], Page], shot: Shot) -> None:
        sign_in(page, lab)
        elsewhere = own_page()
        sign_in(elsewhere, lab)
        page.goto(f"{lab.url}/account#sessions")
        sessions = page.get_by_role("table", name="Sessions")
        own = sessions.get_by_role("row").filter(has_text="This one")
        expect(own).to_contain_text(re.compile(r"Chrome \d+ on Linux"))
        expect(own).to_contain_text("127.0.0.1")
        shot(page, "sessions")
        page.get_by_role("button", name="End all others").click()
        page.get_by_role("dialog").get_by_role("button", name="End all others").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(sessions.get_by_role("row")).to_have_count(2)
        elsewhere.reload()
        expect(elsewhere.get_by_role("button", name="Sign in")).to_be_visible()
        self._end_one(page, lab, own_page())

    def _end_one(self, page: Page, lab: Platform, elsewhere: Page) -> None:
        sign_in(elsewhere, lab)
        page.reload()
        page.get_by_role("button", name=re.compile("^End the session on Chrome")).click()
        expect(page.get_by_role("button", name="End all others")).to_be_hidden()
        elsewhere.reload()
        expect(elsewhere.get_by_role("button", name="Sign in")).to_be_visible()

    def test_password(self, lab: Platform, page: Page, own_page: Callable[[], Page], shot: Shot) -> None:
        sign_in(page, lab)
        elsewhere = own_page()
        sign_in(elsewhere, lab)
        page.goto(f"{lab.url}/account#password")
        self._change(page, "not her password", "marble otter lantern")
        expect(page.get_by_text("This is not your present password.")).to_be_visible()
        assert_accessible(page)
        shot(page, "password-wrong")
        self._change(page, ADMIN["password"], "marble otter lantern")
        expect(page.get_by_text("Password changed", exact=True)).to_be_visible()
        elsewhere.reload()
        expect(elsewhere.get_by_role("button", name="Sign in")).to_be_visible()
        sign_in(elsewhere, lab, {**ADMIN, "password": "marble otter lantern"})
        self._change(page, "marble otter lantern", ADMIN["password"])
        expect(page.get_by_label("Present password")).to_be_empty()

    def _change(self, page: Page, present: str, new: str) -> None:
        page.get_by_label("Present password").fill(present)
        page.get_by_label("New password").fill(new)
        page.get_by_role("button", name="Change password").click()

    def test_limited_token(self, lab: Platform, page: Page, shot: Shot) -> None:
        sign_in(page, lab)
        page.goto(f"{lab.url}/account#tokens")
        page.get_by_label("Token name").fill("dashboard")
        page.get_by_label("Limit what it may").check()
        expect(page.get_by_label("see what you may see")).to_be_checked()
        page.get_by_label("Lasts").click()
        page.get_by_role("option", name="7 days").click()
        assert_accessible(page)
        page.get_by_role("button", name="Create token").click()
        token = page.get_by_test_id("new-token").inner_text()
        row = page.get_by_role("table", name="API tokens").get_by_role("row").filter(has_text="dashboard")
        expect(row).to_contain_text("read")
        expect(row).to_contain_text(re.compile(r"in [67] days"))
        page.mouse.move(0, 0)  # a button that is pointed at is paler for the moment
        assert_accessible(page)
        shot(page, "token-limited")
        bearer = {"Authorization": f"Bearer {token}"}
        with lab.client() as client:
            assert client.get("/api/v1/apps", headers=bearer).status_code == 200
            assert client.get("/api/v1/users", headers=bearer).status_code in (403, 404)
        page.get_by_role("button", name="Revoke dashboard").click()
        page.get_by_role("dialog").get_by_role("button", name="Revoke token").click()
        expect(row).to_be_hidden()

    def test_secrets(self, lab: Platform, page: Page, tmp_path: Path, shot: Shot) -> None:
        sign_in(page, lab)
        page.get_by_role("button", name="Search or run a command").click()
        page.get_by_role("textbox", name="Command").fill("secrets")
        page.get_by_role("option", name="Secrets").first.click()
        card = page.get_by_role("region", name="Secrets")
        expect(card.get_by_text("No secrets yet.")).to_be_visible()
        card.get_by_role("button", name="Add secret").click()
        dialog = page.get_by_role("dialog", name="Add secret")
        dialog.get_by_label("Secret name").fill("PATH")
        dialog.get_by_label("Value").fill("canary-b7 variable")
        dialog.get_by_role("button", name="Save secret").click()
        expect(dialog.get_by_text('"PATH" is set by the platform; choose another name.')).to_be_visible()
        page.mouse.move(0, 0)  # as above
        assert_accessible(page)
        shot(page, "secret-refused")
        dialog.get_by_label("Secret name").fill("API_KEY")
        dialog.get_by_role("button", name="Save secret").click()
        expect(dialog).to_be_hidden()
        self._add_file(page, card, tmp_path / "credentials", shot)
        self._replace_and_delete(page, card, shot)
        assert "canary-b7" not in page.content()

    def _add_file(self, page: Page, card: Locator, source: Path, shot: Shot) -> None:
        source.write_bytes(b"canary-b7\0\xff")
        card.get_by_role("button", name="Add secret").click()
        dialog = page.get_by_role("dialog", name="Add secret")
        dialog.get_by_label("Kind").click()
        page.get_by_role("option", name="File").click()
        dialog.get_by_label("File to keep").set_input_files(source)
        expect(dialog.get_by_label("Secret name")).to_have_value("credentials")
        dialog.get_by_label("Path").fill(".aws/credentials")
        on_a_dark_phone(page)
        assert_fits(page)
        assert_accessible(page)
        shot(page, "secret-file-phone-dark")
        on_a_light_desk(page)
        dialog.get_by_role("button", name="Save secret").click()
        expect(card.locator("[data-secret=credentials]")).to_contain_text("file ~/.aws/credentials")
        expect(card.locator("[data-secret=credentials]")).to_contain_text("11 B")

    def _replace_and_delete(self, page: Page, card: Locator, shot: Shot) -> None:
        card.get_by_role("button", name="Replace API_KEY").click()
        dialog = page.get_by_role("dialog", name="Replace API_KEY")
        expect(dialog.get_by_label("Value")).to_be_empty()
        dialog.get_by_label("Value").fill("canary-b7")
        dialog.get_by_role("button", name="Save secret").click()
        expect(card.locator("[data-secret=API_KEY]")).to_contain_text("9 B")
        page.mouse.move(0, 0)  # a button that is pointed at is paler for the moment
        assert_accessible(page)
        shot(page, "secrets")
        card.get_by_role("button", name="Delete API_KEY").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete secret").click()
        expect(card.locator("[data-secret=API_KEY]")).to_be_hidden()


class TestPeople:
    def test_invited_and_deactivated(self, lab: Platform, page: Page, own_page: Callable[[], Page], shot: Shot) -> None:
        sign_in(page, lab)
        page.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
        link = self._invite(page, shot)
        mia = own_page()
        self._accept(mia, link, shot)
        page.reload()
        expect(person(page, MIA["email"])).to_contain_text("Mia")
        assert_accessible(page)
        shot(page, "people")
        self._see_nothing(mia, lab)
        self._deactivate(page, mia, lab, shot)

    def _invite(self, page: Page, shot: Shot) -> str:
        page.get_by_role("button", name="Invite").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("E-mail").fill(MIA["email"])
        assert_accessible(page)
        shot(page, "invite")
        dialog.get_by_role("button", name="Make link").click()
        link = dialog.get_by_test_id("secret-link").inner_text()
        assert_accessible(page)
        shot(page, "invite-link")
        dialog.get_by_role("button", name="Done").click()
        expect(page.get_by_role("list", name="Invitations")).to_contain_text(MIA["email"])
        return link

    def _accept(self, mia: Page, link: str, shot: Shot) -> None:
        mia.goto(link)
        expect(mia.get_by_label("E-mail")).to_have_value(MIA["email"])
        mia.get_by_label("Name").fill("Mia")
        mia.get_by_label("Password", exact=True).fill(MIA["password"])
        assert_accessible(mia)
        shot(mia, "invitation")
        mia.get_by_role("button", name="Create account").click()
        expect(mia.get_by_role("link", name="Hothouse, home")).to_be_visible()
        mia.goto(link)
        expect(mia.get_by_role("heading", name="This invitation does not work any more")).to_be_visible()
        assert_accessible(mia)

    def _see_nothing(self, mia: Page, lab: Platform) -> None:
        """Those who are no admins find no way to the page, and nothing on it."""
        mia.goto(lab.url)
        expect(mia.get_by_role("link", name="Apps")).to_be_visible()
        expect(mia.get_by_role("link", name="People")).to_be_hidden()
        mia.goto(f"{lab.url}/people")
        expect(mia.get_by_role("heading", name="Not found")).to_be_visible()

    def _deactivate(self, page: Page, mia: Page, lab: Platform, shot: Shot) -> None:
        dialog = act(page, "Mia", "Deactivate")
        shot(page, "deactivate")
        dialog.get_by_role("button", name="Deactivate").click()
        expect(person(page, MIA["email"])).to_contain_text("Deactivated")
        mia.goto(lab.url)
        mia.get_by_label("E-mail").fill(MIA["email"])
        mia.get_by_label("Password", exact=True).fill(MIA["password"])
        mia.get_by_role("button", name="Sign in").click()
        expect(mia.get_by_role("alert")).to_be_visible()
        act(page, "Mia", "Reactivate").get_by_role("button", name="Reactivate").click()
        expect(person(page, MIA["email"])).not_to_contain_text("Deactivated")
        sign_in(mia, lab, MIA)

    def test_reset_link(self, lab: Platform, page: Page, own_page: Callable[[], Page], shot: Shot) -> None:
        self._add(lab, NOA)
        noa, other = own_page(), own_page()
        sign_in(noa, lab, NOA)
        sign_in(page, lab)
        page.goto(f"{lab.url}/people")
        act(page, "Noa", "Reset password").get_by_role("button", name="Make link").click()
        link = page.get_by_test_id("secret-link").inner_text()
        assert_accessible(page)
        shot(page, "reset-link")
        other.goto(link)
        expect(other.get_by_text("For noa@example.org")).to_be_visible()
        other.get_by_label("New password").fill("walnut ferry cobalt")
        assert_accessible(other)
        shot(other, "reset-password")
        other.get_by_role("button", name="Change password").click()
        expect(other.get_by_role("heading", name="Password changed")).to_be_visible()
        noa.reload()
        expect(noa.get_by_role("button", name="Sign in")).to_be_visible()
        sign_in(noa, lab, {**NOA, "password": "walnut ferry cobalt"})
        other.goto(link)
        other.reload()
        expect(other.get_by_role("heading", name="This link does not work any more")).to_be_visible()

    def test_search_and_roles(self, lab: Platform, page: Page, shot: Shot) -> None:
        self._add(lab, IDA)
        sign_in(page, lab)
        on_a_dark_phone(page)
        page.goto(f"{lab.url}/people")
        page.get_by_role("searchbox", name="Search people").fill("ida@")
        expect(page.locator("[data-person]")).to_have_count(1)
        assert_fits(page)
        assert_accessible(page)
        shot(page, "people-phone-dark")
        act(page, "Ida", "Make administrator").get_by_role("button", name="Make administrator").click()
        expect(person(page, IDA["email"])).to_contain_text("Administrator")
        page.get_by_role("searchbox", name="Search people").fill("nobody of this name")
        expect(page.get_by_role("heading", name="Nobody matches")).to_be_visible()
        page.get_by_role("button", name="Clear filters").click()
        page.get_by_label("Filter people").click()
        page.get_by_role("option", name="Administrators").click()
        expect(person(page, ADMIN["email"])).to_be_visible()
        act(page, "Ida", "Make member").get_by_role("button", name="Make member").click()
        expect(person(page, IDA["email"])).to_contain_text("Member")
        act(page, "Ada", "Make member").get_by_role("button", name="Make member").click()
        expect(page.get_by_text("Last admin", exact=True)).to_be_visible()
        assert_fits(page)

    def _add(self, lab: Platform, account: dict[str, str]) -> None:
        """Make an account over the API."""
        with lab.client() as client:
            assert client.post("/api/v1/auth/login", json=ADMIN).status_code == 200
            body = {**account, "name": account["email"].partition("@")[0].title()}
            assert client.post("/api/v1/users", json=body).status_code == 201
