"""Groups, roles, sharing, asking for access and reviewing it, in a real browser, on the platform of the session."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from tests.support.running_platform import ADMIN, Platform
from tests.support.screens import AXE, assert_fits, on_a_dark_phone, sign_in, type_command

Shot = Callable[[Page, str], None]
ZOE = {"name": "Zoe Quill", "email": "zoe@example.org", "password": "saffron ladder mint"}
UMA = {"name": "Uma Reed", "email": "uma@example.org", "password": "copper thicket plum"}
APP, TITLE = "hello", "Hello"


def assert_accessible(page: Page) -> None:
    """Let axe find nothing to complain of, but the focus guards that Reka UI puts around what it lays over pages."""
    page.mouse.move(0, 0)  # a button that is pointed at is paler for the moment
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    told = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    assert [one for one in told if one[0] != "aria-hidden-focus"] == []


@pytest.fixture(scope="module", autouse=True)
def people(platform: Platform) -> Iterator[None]:
    """Zoe and Uma have accounts; the app is private, so that rights on it matter."""
    with platform.client() as client:
        assert client.post("/api/v1/auth/login", json=ADMIN).status_code == 200
        for account in (ZOE, UMA):
            assert client.post("/api/v1/users", json={**account, "role": "member"}).status_code == 201
        openness = f"/api/v1/access/app/{APP}/openness"
        assert client.put(openness, json={"openness": "private"}).status_code == 204
        yield
        assert client.put(openness, json={"openness": "signed-in"}).status_code == 204


@pytest.fixture(scope="module")
def signed_in(browser: Browser, platform: Platform) -> Iterator[Callable[[dict[str, str]], Page]]:
    """Give the page of a person, who signs in the first time."""
    pages: dict[str, Page] = {}
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def page_of(account: dict[str, str]) -> Page:
        if account["email"] not in pages:
            contexts.append(browser.new_context(viewport={"width": 1280, "height": 800}))
            page = pages[account["email"]] = contexts[-1].new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            sign_in(page, platform, account)
        return pages[account["email"]]

    yield page_of
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def ada(signed_in: Callable[[dict[str, str]], Page]) -> Page:
    """Ada's page as it is on a desk in daylight, whatever the test before made of it."""
    page = signed_in(ADMIN)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 800})
    return page


def command(page: Page, words: str, option: str) -> None:
    """Run a command of the palette."""
    expect(page.get_by_role("button", name="Search or run a command")).to_be_visible()
    type_command(page, words)
    page.get_by_role("option", name=option).first.click()


def pick(where: Page | Locator, page: Page, label: str, words: str, name: str) -> None:
    """Find somebody by a few letters, with the keyboard alone."""
    where.get_by_role("combobox", name=label).click()
    page.keyboard.type(words)
    expect(page.get_by_role("option", name=name)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


class TestGroups:
    def test_made_filled_and_nested(self, platform: Platform, ada: Page, shot: Shot) -> None:
        ada.goto(platform.url)
        command(ada, "groups", "Groups")
        expect(ada.get_by_role("heading", name="No groups yet")).to_be_visible()
        assert_accessible(ada)
        self._make(ada, "Imaging")
        pick(ada, ada, "Person or group", "zoe", "Zoe Quill")
        ada.get_by_role("button", name="Add", exact=True).click()
        zoe = ada.locator("[data-member='Zoe Quill']")
        expect(zoe).to_be_visible()
        ada.get_by_role("button", name="Actions for Zoe Quill").click()
        ada.get_by_role("menuitem", name="Make manager").click()
        expect(zoe).to_contain_text("Manager")
        assert_accessible(ada)
        shot(ada, "group")
        ada.goto(f"{platform.url}/groups")
        self._make(ada, "Institute")
        pick(ada, ada, "Person or group", "imag", "Imaging")
        ada.get_by_role("button", name="Add", exact=True).click()
        expect(ada.locator("[data-member='Imaging']")).to_be_visible()
        self._refuse_a_circle(ada, shot)

    def _make(self, page: Page, name: str) -> None:
        page.get_by_role("button", name="New group").first.click()
        page.get_by_label("Name").fill(name)
        page.get_by_role("button", name="Make group").click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()

    def _refuse_a_circle(self, page: Page, shot: Shot) -> None:
        page.locator("[data-member='Imaging']").get_by_role("link").click()
        expect(page.get_by_role("heading", name="Imaging", exact=True)).to_be_visible()
        pick(page, page, "Person or group", "inst", "Institute")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text("Group would hold itself", exact=True)).to_be_visible()
        page.get_by_role("link", name="Groups", exact=True).click()
        expect(page.get_by_role("list", name="Groups").get_by_role("listitem")).to_have_count(2)
        on_a_dark_phone(page)
        assert_fits(page)
        shot(page, "groups-phone-dark")


class TestRoles:
    def test_matrix_and_a_role_made_here(self, platform: Platform, ada: Page, shot: Shot) -> None:
        ada.goto(f"{platform.url}/roles")
        apps = ada.get_by_role("table", name="Apps")
        expect(apps.locator("[data-role='editor']")).to_be_visible()
        ada.get_by_role("button", name="New role on apps").click()
        dialog = ada.get_by_role("dialog")
        dialog.get_by_label("Title").fill("Operator")
        dialog.get_by_role("checkbox").nth(0).check()
        dialog.get_by_role("checkbox").nth(1).check()
        assert_accessible(ada)
        shot(ada, "role-new")
        dialog.get_by_role("button", name="Make role").click()
        expect(apps.locator("[data-role='operator']")).to_be_visible()
        expect(ada.get_by_role("list", name="Where roles on apps are given")).to_contain_text(
            "Operator given to nobody"
        )
        assert_accessible(ada)
        shot(ada, "roles")
        on_a_dark_phone(ada)
        ada.reload()
        expect(apps.locator("[data-role='operator']")).to_be_attached()
        assert_fits(ada)
        assert_accessible(ada)
        shot(ada, "roles-phone-dark")


class TestSharing:
    def test_given_explained_and_taken_away(
        self, platform: Platform, ada: Page, signed_in: Callable[[dict[str, str]], Page], shot: Shot
    ) -> None:
        zoe = signed_in(ZOE)
        ada.goto(platform.url)
        expect(ada.get_by_role("link", name=TITLE, exact=True)).to_be_visible()
        command(ada, f"share {APP}", f"Share {TITLE}")
        dialog = ada.get_by_role("dialog")
        self._give(ada, dialog, "imag", "Imaging", "until the paper is out")
        grant = dialog.locator("[data-grant^='group:']")
        expect(grant).to_contain_text("until the paper is out")
        assert_accessible(ada)
        shot(ada, "share")
        self._give(ada, dialog, "wind", "Windowsill", "reads it nightly")
        expect(dialog.locator("[data-grant^='app:']")).to_contain_text("reads it nightly")
        self._change(ada, dialog)
        self._explain(ada, dialog, shot)
        zoe.goto(f"{platform.url}/apps/{APP}")
        expect(zoe.get_by_role("heading", name=TITLE, exact=True)).to_be_visible()
        dialog.get_by_role("tab", name="Share").click()
        self._act(ada, dialog, "Imaging", "Remove")
        expect(grant).to_be_hidden()
        zoe.reload()
        expect(zoe.get_by_role("heading", name="Not found")).to_be_visible()

    def _give(self, page: Page, dialog: Locator, words: str, name: str, note: str) -> None:
        pick(dialog, page, "Person, group or app", words, name)
        dialog.get_by_role("combobox", name="For how long").click()
        page.get_by_role("option", name="For a week").click()
        dialog.get_by_label("Note").fill(note)
        dialog.get_by_role("form").get_by_role("button", name="Share", exact=True).click()

    def _act(self, page: Page, dialog: Locator, name: str, action: str) -> None:
        dialog.get_by_role("button", name=f"Actions for {name}").click()
        page.get_by_role("menuitem", name=action).click()

    def _change(self, page: Page, dialog: Locator) -> None:
        """Another role, and another end, without losing the rest."""
        dialog.get_by_role("combobox", name="Role of Imaging").click()
        page.get_by_role("option", name="Editor").click()
        expect(dialog.get_by_role("combobox", name="Role of Imaging")).to_have_text("Editor")
        self._act(page, dialog, "Imaging", "Change how long")
        grant = dialog.locator("[data-grant^='group:']")
        grant.get_by_role("combobox", name="For how long").click()
        page.get_by_role("option", name="For good").click()
        grant.get_by_role("button", name="Change", exact=True).click()
        expect(grant).not_to_contain_text("until Dec")
        expect(grant).to_contain_text("until the paper is out")
        dialog.get_by_role("radio", name="Public").click()
        expect(dialog.get_by_text("without an account")).to_be_visible()
        dialog.get_by_role("radio", name="Private").click()
        expect(dialog.get_by_role("radio", name="Private")).to_be_checked()

    def _explain(self, page: Page, dialog: Locator, shot: Shot) -> None:
        dialog.get_by_role("tab", name="Who can").click()
        expect(dialog.locator(f"[data-person='{ZOE['email']}']")).to_be_visible()
        expect(dialog.locator(f"[data-person='{UMA['email']}']")).to_be_hidden()
        shot(page, "share-who-can")
        dialog.get_by_role("button", name="Why can Zoe Quill?").click()
        explanation = dialog.get_by_test_id("explanation")
        expect(explanation).to_have_attribute("data-allowed", "true")
        expect(explanation.get_by_role("list")).to_contain_text("Imaging")
        assert_accessible(page)
        shot(page, "share-why")
        pick(dialog, page, "Who", "imag", "Imaging")
        expect(explanation.get_by_role("listitem").first).to_have_text("is in the group Imaging")
        pick(dialog, page, "Who", "uma", "Uma Reed")
        expect(explanation).to_have_attribute("data-allowed", "false")
        on_a_dark_phone(page)
        assert_fits(page)
        shot(page, "share-why-not-phone-dark")
        page.set_viewport_size({"width": 1280, "height": 800})

    def test_handed_over(self, platform: Platform, ada: Page, shot: Shot) -> None:
        ada.goto(f"{platform.url}/apps/{APP}/settings#access")
        ada.get_by_role("button", name="Hand over").click()
        dialog = ada.get_by_role("dialog")
        pick(dialog, ada, "New owner", "uma", "Uma Reed")
        assert_accessible(ada)
        shot(ada, "hand-over")
        dialog.get_by_role("button", name="Hand over to Uma Reed").click()
        shared = ada.get_by_role("list", name="Shared with")
        expect(shared.get_by_role("listitem").first).to_contain_text("Uma Reed")
        expect(shared.get_by_role("listitem").nth(1)).to_contain_text("Ada")
        shot(ada, "settings-access")


class TestRequests:
    def test_asked_answered_and_told(
        self, platform: Platform, signed_in: Callable[[dict[str, str]], Page], shot: Shot
    ) -> None:
        """Uma owns the app by now, so it is she whom Zoe asks."""
        zoe, uma = signed_in(ZOE), signed_in(UMA)
        uma.goto(platform.url)
        zoe.goto(f"{platform.url}/ask-for-access?app={APP}")
        zoe.get_by_label("Message").fill("I need it for the figures.")
        assert_accessible(zoe)
        shot(zoe, "ask-for-access")
        zoe.get_by_role("button", name="Ask", exact=True).click()
        expect(zoe.get_by_role("heading", name="Your request is on its way")).to_be_visible()
        expect(uma.get_by_test_id("requests-count")).to_have_text("1")
        uma.get_by_role("link", name="Requests").click()
        asked = uma.locator(f"[data-request='{ZOE['email']}']")
        expect(asked).to_contain_text("I need it for the figures.")
        assert_accessible(uma)
        shot(uma, "requests-access")
        on_a_dark_phone(uma)
        assert_fits(uma)
        shot(uma, "requests-access-phone-dark")
        asked.get_by_role("button", name="Allow Zoe Quill").click()
        expect(asked).to_be_hidden()
        expect(uma.get_by_test_id("requests-count")).to_be_hidden()
        zoe.goto(f"{platform.url}/account#requests")
        expect(zoe.locator(f"[data-my-request='{APP}']")).to_contain_text("allowed")
        zoe.goto(f"{platform.url}/apps/{APP}")
        expect(zoe.get_by_role("heading", name=TITLE, exact=True)).to_be_visible()

    def test_nothing_there_is_answered_alike(
        self, platform: Platform, signed_in: Callable[[dict[str, str]], Page]
    ) -> None:
        zoe = signed_in(ZOE)
        zoe.goto(f"{platform.url}/ask-for-access?app=there-is-no-such-app")
        zoe.get_by_role("button", name="Ask", exact=True).click()
        expect(zoe.get_by_role("heading", name="Your request is on its way")).to_be_visible()
        zoe.get_by_role("link", name="My requests").click()
        mine = zoe.locator("[data-my-request='there-is-no-such-app']")
        mine.get_by_role("button", name="Withdraw").click()
        expect(mine).to_contain_text("withdrawn")


class TestReview:
    def test_by_thing_and_by_person(self, platform: Platform, ada: Page, shot: Shot) -> None:
        ada.goto(platform.url)
        command(ada, "access review", "Access review")
        thing = ada.locator(f"[data-thing='{APP}']")
        expect(thing).to_contain_text("Uma Reed")
        expect(ada.locator("[data-thing='static-site']")).to_contain_text("public")
        assert_accessible(ada)
        shot(ada, "access-review")
        thing.get_by_role("link", name="Uma Reed").click()
        reached = ada.get_by_role("table", name="What they reach")
        expect(reached.locator(f"[data-thing='{APP}']")).to_contain_text("owner")
        assert_accessible(ada)
        shot(ada, "access-review-person")
        on_a_dark_phone(ada)
        assert_fits(ada)
        shot(ada, "access-review-person-phone-dark")
        ada.get_by_role("button", name="Hand over everything").click()
        dialog = ada.get_by_role("dialog")
        pick(dialog, ada, "New owner", "ada", "Ada")
        dialog.get_by_role("button", name="Hand over to Ada").click()
        expect(dialog).to_be_hidden()
        expect(reached.get_by_text("owner", exact=True)).to_be_hidden()
        ada.goto(f"{platform.url}/access")
        expect(thing).to_contain_text("Hello")
        assert_fits(ada)
        shot(ada, "access-review-phone-dark")

    def test_others_find_no_way_to_it(self, platform: Platform, signed_in: Callable[[dict[str, str]], Page]) -> None:
        zoe = signed_in(ZOE)
        zoe.goto(f"{platform.url}/groups")
        expect(zoe.get_by_role("list", name="Groups")).to_be_visible()
        nav = zoe.get_by_role("navigation", name="People and access")
        expect(nav.get_by_role("link", name="Roles")).to_be_visible()
        expect(nav.get_by_role("link", name="Access review")).to_be_hidden()
        zoe.goto(f"{platform.url}/access")
        expect(zoe.get_by_role("heading", name="Not found")).to_be_visible()
