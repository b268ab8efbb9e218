"""The second factor, device login by a real command, and viewing as somebody else, in a real browser."""

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest
from playwright.sync_api import Page, expect
from tests.support.running_platform import ADMIN, HOTHOUSE, Platform
from tests.support.screens import (
    assert_accessible,
    assert_fits,
    assert_signed_in,
    give_password,
    on_a_dark_phone,
    on_a_light_desk,
)
from tests.support.up_process import clean_environment

from hothouse.identity.factors import totp

MIA = {"email": "mia@example.org", "password": "lilac gate pebble"}
Shot = Callable[[Page, str], None]


class Phone:
    """An authenticator app. A code works once: it may give that of the next half minute, but none twice."""

    def __init__(self, key: str) -> None:
        self.key = key.replace(" ", "")
        self._used = 0

    def code(self) -> str:
        step = max(int(time.time()) // totp.STEP_SECONDS, self._used + 1)
        self._used = step
        return totp.code_at(self.key, step)


@contextmanager
def _logging_in(env: dict[str, str], *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run `hothouse login`, which waits for an answer; it does not outlive the block."""
    command = [str(HOTHOUSE), "login", *options]
    with subprocess.Popen(command, env=env, stdout=PIPE, stderr=PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of its own, with Ada, its admin, and Mia."""
    platform = Platform(tmp_path_factory.mktemp("factors") / "home")
    platform.start()
    with platform.client() as client:
        assert client.post("/api/v1/auth/login", json=ADMIN).status_code == 200
        assert client.post("/api/v1/users", json={**MIA, "name": "Mia"}).status_code == 201
    yield platform
    platform.close()


class TestSecondFactor:
    def test_set_up_and_used(self, lab: Platform, page: Page, own_page: Callable[[], Page], shot: Shot) -> None:
        give_password(page, lab.url, **MIA)
        assert_signed_in(page)
        page.goto(f"{lab.url}/account#second-factor")
        page.get_by_role("button", name="Set up", exact=True).click()
        page.get_by_label("Your password").fill(MIA["password"])
        assert_accessible(page)
        page.get_by_role("button", name="Continue").click()
        phone = Phone(page.get_by_test_id("factor-key").inner_text())
        expect(page.get_by_role("img", name="QR code with the key below")).to_be_visible()
        assert page.get_by_role("img", name="QR code").evaluate("image => image.complete && image.naturalWidth > 50")
        page.get_by_label("Code of the app").fill("000000")
        page.get_by_role("button", name="Turn on", exact=True).click()
        expect(page.get_by_text("This code is wrong, or was used already.")).to_be_visible()
        assert_accessible(page)
        shot(page, "factor-set-up")
        page.get_by_label("Code of the app").fill(phone.code())
        page.get_by_role("button", name="Turn on", exact=True).click()
        codes = page.get_by_test_id("recovery-code")
        expect(codes).to_have_count(10)
        recovery, *spare = codes.all_inner_texts()
        on_a_dark_phone(page)
        assert_fits(page)
        assert_accessible(page)
        shot(page, "factor-recovery-codes-phone-dark")
        on_a_light_desk(page)
        self._sign_in_by_code(own_page(), lab, phone, shot)
        self._sign_in_by_recovery_code(own_page(), lab, recovery)
        page.reload()
        expect(page.get_by_test_id("codes-left")).to_have_text("9 recovery codes left.")
        assert_accessible(page)
        shot(page, "factor-on")
        self._sign_in_by_passkey(page, lab, spare, shot)
        self._reset_by_an_admin(own_page(), page, lab, shot)

    def _sign_in_by_code(self, page: Page, lab: Platform, phone: Phone, shot: Shot) -> None:
        give_password(page, lab.url, **MIA)
        expect(page.get_by_role("heading", name="One more step")).to_be_visible()
        assert_accessible(page)
        shot(page, "factor-step")
        page.reload()  # the browser still is at that step
        page.get_by_label("Code", exact=True).fill("000000")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("This code is wrong, or was used already.")).to_be_visible()
        page.get_by_label("Code", exact=True).fill(phone.code())
        page.get_by_role("button", name="Sign in", exact=True).click()
        assert_signed_in(page)

    def _sign_in_by_recovery_code(self, page: Page, lab: Platform, code: str) -> None:
        give_password(page, lab.url, **MIA)
        page.get_by_role("button", name="Use a recovery code").click()
        on_a_dark_phone(page)
        assert_fits(page)
        assert_accessible(page)
        page.get_by_label("Recovery code", exact=True).fill(code)
        page.get_by_role("button", name="Sign in", exact=True).click()
        assert_signed_in(page)

    def _sign_in_by_passkey(self, page: Page, lab: Platform, recovery: list[str], shot: Shot) -> None:
        """In the browser that holds it: signing out leaves the device's passkeys where they are."""
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        kind = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
        answers = {"automaticPresenceSimulation": True}
        device.send("WebAuthn.addVirtualAuthenticator", {"options": kind | answers})
        page.get_by_role("button", name="Add passkey").click()
        page.get_by_label("Passkey name").fill("laptop")
        page.get_by_label("Code to confirm").fill(recovery.pop())
        page.get_by_role("button", name="Register passkey").click()
        mine = page.get_by_role("list", name="Passkeys")
        expect(mine).to_contain_text("laptop")
        page.mouse.move(0, 0)  # a button that is pointed at is paler for the moment
        assert_accessible(page)
        shot(page, "passkeys")
        cookies = page.context.cookies()
        page.context.clear_cookies()
        give_password(page, lab.url, **MIA)
        page.get_by_role("button", name="Use a passkey").wait_for()
        assert_accessible(page)
        shot(page, "passkey-step")
        page.get_by_role("button", name="Use a passkey").click()
        assert_signed_in(page)
        page.context.clear_cookies()
        page.context.add_cookies(cookies)  # hers of before, which the rest of the story is about
        page.goto(f"{lab.url}/account#second-factor")
        expect(mine).to_contain_text("just now")
        page.get_by_role("button", name="Remove laptop").click()
        page.get_by_label("Code to confirm").fill(recovery.pop())
        page.get_by_role("button", name="Remove passkey").click()
        expect(mine).to_be_hidden()

    def _reset_by_an_admin(self, admin: Page, mia: Page, lab: Platform, shot: Shot) -> None:
        give_password(admin, lab.url, **ADMIN)
        assert_signed_in(admin)
        admin.goto(f"{lab.url}/people")
        expect(admin.get_by_role("img", name="with a second factor")).to_have_count(1)
        admin.get_by_role("button", name="Actions for Mia").click()
        admin.get_by_role("menuitem", name="Reset second factor").click()
        dialog = admin.get_by_role("dialog")
        expect(dialog).to_be_visible()
        assert_accessible(admin)
        shot(admin, "factor-reset")
        dialog.get_by_role("button", name="Reset second factor").click()
        expect(admin.get_by_role("img", name="with a second factor")).to_have_count(0)
        mia.reload()
        expect(mia.get_by_role("button", name="Sign in")).to_be_visible()


class TestDeviceLogin:
    def test_by_the_command(self, lab: Platform, page: Page, tmp_path: Path, shot: Shot) -> None:
        config = {"XDG_CONFIG_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
        env = clean_environment(**config)
        give_password(page, lab.url, **MIA)
        assert_signed_in(page)
        with _logging_in(env, "--url", lab.url, "--name", "workbench") as process:
            assert process.stdout is not None
            said = "".join(process.stdout.readline() for _ in range(2))
            address, code = re.findall(r"\S+$", said, re.MULTILINE)
            assert address == f"{lab.url}/device"
            page.goto(address)
            assert_accessible(page)
            page.get_by_label("Code of the device").fill("BBBB-BBBB")
            page.get_by_role("button", name="Continue").click()
            expect(page.get_by_text("No device waits with this code.")).to_be_visible()
            page.get_by_label("Code of the device").fill(code.lower())
            page.get_by_role("button", name="Continue").click()
            expect(page.get_by_test_id("user-code")).to_have_text(code)
            expect(page.get_by_label("Device name")).to_have_value("workbench")
            self._limit(page, shot)
            page.get_by_role("button", name="Approve").click()
            expect(page.get_by_role("heading", name="The device is signed in")).to_be_visible()
            assert_accessible(page)
            out, err = process.communicate(timeout=60)
            assert process.returncode == 0, err
            assert "Signed in at" in out
        self._use(lab, page, env, tmp_path)

    def _limit(self, page: Page, shot: Shot) -> None:
        page.get_by_label("Limit what it may").check()
        expect(page.get_by_label("see what you may see")).to_be_checked()
        assert_accessible(page)
        shot(page, "device")
        on_a_dark_phone(page)
        assert_fits(page)
        assert_accessible(page)
        shot(page, "device-phone-dark")
        on_a_light_desk(page)

    def _use(self, lab: Platform, page: Page, env: dict[str, str], config: Path) -> None:
        def run(*arguments: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run([str(HOTHOUSE), *arguments], env=env, capture_output=True, text=True, timeout=60)

        stored = config / "hothouse" / "credentials.json"
        assert stored.stat().st_mode & 0o777 == 0o600
        assert json.loads(run("whoami", "--json").stdout)["user"]["email"] == MIA["email"]
        assert run("apps").returncode == 0
        assert "limited to scopes" in run("tokens").stderr
        page.goto(f"{lab.url}/account#tokens")
        row = page.get_by_role("table", name="API tokens").get_by_role("row").filter(has_text="workbench")
        expect(row).to_contain_text("read")
        assert run("logout").stdout == f"Signed out at {lab.url}.\n"
        page.reload()
        expect(page.get_by_text("No tokens yet.")).to_be_visible()
        env["HOTHOUSE_URL"] = lab.url
        assert "Run `hothouse login`" in run("whoami").stderr
        assert os.listdir(stored.parent) == [stored.name]

    def test_refused(self, lab: Platform, page: Page, tmp_path: Path) -> None:
        env = clean_environment(XDG_CONFIG_HOME=str(tmp_path), PYTHONUNBUFFERED="1")
        give_password(page, lab.url, **MIA)
        assert_signed_in(page)
        with _logging_in(env, "--url", lab.url) as process:
            assert process.stdout is not None
            code = [process.stdout.readline().split()[-1] for _ in range(2)][1]
            page.goto(f"{lab.url}/device?code={code}")  # as the browser that the command opens
            page.get_by_role("button", name="Refuse").click()
            expect(page.get_by_role("heading", name="The device was refused")).to_be_visible()
            _, err = process.communicate(timeout=60)
            assert (process.returncode, "refused in the browser" in err) == (1, True)
        assert not (tmp_path / "hothouse" / "credentials.json").exists()


class TestViewAs:
    def test_until_stopped(self, lab: Platform, page: Page, own_page: Callable[[], Page], shot: Shot) -> None:
        give_password(page, lab.url, **ADMIN)
        assert_signed_in(page)
        other_tab = page.context.new_page()
        other_tab.goto(f"{lab.url}/people")
        page.bring_to_front()
        page.goto(f"{lab.url}/people")
        page.get_by_role("button", name="Actions for Mia").click()
        page.get_by_role("menuitem", name="View as…").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.get_by_label("Reason").fill("She cannot find her app")
        assert_accessible(page)
        shot(page, "view-as")
        page.get_by_role("button", name="View as Mia").click()
        banner = page.get_by_role("complementary", name="Viewing as somebody else")
        expect(banner).to_contain_text("You act as Mia, 30 minutes left.")
        expect(page.get_by_role("link", name="People")).to_be_hidden()
        expect(other_tab.get_by_role("complementary", name="Viewing as somebody else")).to_be_visible()
        assert_accessible(page)
        shot(page, "view-as-banner")
        page.goto(f"{lab.url}/account")
        expect(page.get_by_role("heading", name="This is Mia's own")).to_be_visible()
        on_a_dark_phone(page)
        expect(banner).to_be_in_viewport()
        assert_fits(page)
        assert_accessible(page)
        shot(page, "view-as-banner-phone-dark")
        on_a_light_desk(page)
        page.get_by_role("button", name="Stop, be Ada").click()
        expect(page.get_by_role("link", name="People")).to_be_visible()
        expect(banner).to_be_hidden()
        expect(other_tab.get_by_role("link", name="People")).to_be_visible()
        mia = own_page()
        give_password(mia, lab.url, **MIA)
        assert_signed_in(mia)
        mia.goto(f"{lab.url}/account")
        expect(mia.get_by_role("list", name="Viewed as you")).to_contain_text("She cannot find her app")
        assert_accessible(mia)


class TestLost:
    def test_taken_away_on_the_machine(self, lab: Platform) -> None:
        """The only admin gets in again by whoever holds the platform's files."""
        with lab.client() as ada:
            assert ada.post("/api/v1/auth/login", json=ADMIN).status_code == 200
            offer = ada.post("/api/v1/account/second-factor", json={"current_password": ADMIN["password"]})
            code = {"code": Phone(offer.json()["key"]).code()}
            assert ada.post("/api/v1/account/second-factor/confirm", json=code).status_code == 200
            assert ada.post("/api/v1/auth/login", json=ADMIN).status_code == 202
            done = lab.cli("admin", "reset-second-factor", ADMIN["email"])
            assert (done.returncode, done.stdout.partition(" ")[0]) == (0, ADMIN["email"]), done.stderr
            assert ada.post("/api/v1/auth/login", json=ADMIN).status_code == 200


class TestRequired:
    def test_set_up_at_sign_in(self, lab: Platform, page: Page, shot: Shot) -> None:
        lab.stop()
        lab._env["HOTHOUSE_SECOND_FACTOR"] = "everyone"
        lab.start()
        give_password(page, f"{lab.url}", **MIA)
        expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
        page.goto(f"{lab.url}/account")
        expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()  # there is no way round it
        phone = Phone(page.get_by_test_id("factor-key").inner_text())
        assert_accessible(page)
        shot(page, "factor-required")
        page.get_by_label("Code of the app").fill(phone.code())
        page.get_by_role("button", name="Turn on and sign in").click()
        expect(page.get_by_test_id("recovery-code")).to_have_count(10)
        on_a_dark_phone(page)
        assert_fits(page)
        assert_accessible(page)
        page.get_by_role("button", name="I have kept them, go on").click()
        expect(page.get_by_role("heading", name="Account", exact=True)).to_be_visible()  # where she was going
        expect(page.get_by_role("button", name="Another app")).to_be_visible()
        expect(page.get_by_role("button", name="Turn off")).to_be_hidden()
