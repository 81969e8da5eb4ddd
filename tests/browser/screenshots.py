"""Pictures of every type of page, to be looked at: `python -m tests.browser.screenshots URL FOLDER [NAME…]`.

URL is a running demonstration; one PNG per page type, language, width and scheme is written to FOLDER.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import chromium_path

from .pages import LANGUAGES, PAGES
from .visits import DESK, PHONE, Visitor


def take(site_url, folder, names):
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"]
        )
        visitor = Visitor(browser, site_url.rstrip("/"))
        for name in names:
            for language in LANGUAGES:
                for scheme in ("light", "dark"):
                    page = browser.new_page(color_scheme=scheme)
                    page.goto(visitor.address(name, language))
                    for width in (PHONE, DESK):
                        page.set_viewport_size({"width": width, "height": 800})
                        slug = name.replace(", ", "-").replace(" ", "-")
                        path = folder / f"{slug}-{language}-{width}-{scheme}.png"
                        page.screenshot(path=path, full_page=True)
                        print(path)
                    page.close()
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    take(sys.argv[1], Path(sys.argv[2]), sys.argv[3:] or list(PAGES))
