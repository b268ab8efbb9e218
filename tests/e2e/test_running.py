"""What admins see of everything that runs, in a real browser."""

import re

from playwright.sync_api import Page, expect
from tests.support.running_platform import Platform
from tests.support.screens import assert_accessible, assert_fits, sign_in


def test_running_usage_and_tiers(platform: Platform, token: str, page: Page) -> None:
    platform.wait_for_app("click-tracker", token)
    sign_in(page, platform)
    page.get_by_role("link", name="Running").first.click()
    table = page.get_by_role("table", name="Running")
    row = table.get_by_role("row").filter(has_text="Click Tracker").first
    expect(row).to_contain_text("Ada")
    expect(row).to_contain_text(re.compile(r"MiB of"), timeout=20_000)
    assert_accessible(page)
    assert_fits(page)

    row.get_by_role("button", name=re.compile("Actions for")).click()
    page.get_by_role("menuitem", name="Message").click()
    page.get_by_role("textbox", name="Message").fill("Stopping tonight for an update.")
    page.get_by_role("button", name="Send").click()
    page.reload()
    notice = page.get_by_test_id("notice")
    expect(notice).to_contain_text("Stopping tonight for an update.")
    notice.get_by_role("button", name="Put away").click()
    expect(notice).to_have_count(0)

    page.get_by_role("navigation", name="What runs").get_by_role("link", name="Usage").click()
    expect(page.get_by_role("slider", name="Memory promised at each time")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Table (CSV)").click()
    assert download.value.suggested_filename == "usage.csv"

    page.get_by_role("navigation", name="What runs").get_by_role("link", name="Tiers").click()
    page.get_by_role("button", name="New tier").click()
    page.get_by_role("textbox", name=re.compile(r"^Name\W*$")).fill("Summer school")
    page.get_by_role("textbox", name="Name in addresses").fill("summer-school")
    page.get_by_role("button", name="Save").click()
    made = page.get_by_role("table", name="Tiers").get_by_role("row").filter(has_text="Summer school")
    expect(made).to_be_visible()
    assert_accessible(page)
    made.get_by_role("button", name="Remove Summer school").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(made).to_have_count(0)


def test_quotas(platform: Platform, token: str, page: Page) -> None:
    platform.wait_for_app("click-tracker", token)
    sign_in(page, platform)
    page.goto(f"{platform.url}/running/quotas")
    page.get_by_role("button", name="New quota").click()
    page.get_by_role("combobox", name="Person or group").fill("Ada")
    page.get_by_role("option").filter(has_text="Ada").first.click()
    page.get_by_label("Apps", exact=True).fill("50")
    page.get_by_label("Memory at once, in GiB").fill("64")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("table", name="Quotas").get_by_role("row").filter(has_text="Ada")
    expect(row.get_by_role("meter", name="Apps of Ada")).to_have_attribute(
        "aria-valuetext", re.compile("^[1-9].* of 50$")
    )
    assert_accessible(page)
    assert_fits(page)

    page.goto(f"{platform.url}/account")
    card = page.get_by_role("region", name="What you use")
    expect(card.get_by_role("meter", name="Memory of Ada")).to_be_visible()
    assert_accessible(page)

    page.goto(f"{platform.url}/running/quotas")
    row.get_by_role("button", name="Remove the quota of Ada").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Nobody has a quota")).to_be_visible()
