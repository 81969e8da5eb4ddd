"""The steps of an editor, an approver and a publisher with one service, in a browser."""

from contextlib import contextmanager

CODE = "IQ-MOI-950"
ARABIC, SORANI = "شهادة اللغة الأم", "بڕوانامەی زمانی دایک"
SUMMARY = "شهادة تثبت لغة الطالب الأم لدى المدارس."
SUMMARY_SORANI = "بڕوانامەیەک کە زمانی دایکی خوێندکار لە قوتابخانەکان دەسەلمێنێت."
FEE, FEE_SORANI = "رسم الشهادة", "تێچووی بڕوانامە"
# A long timeout for slow machines, in milliseconds; no test depends on it.
PATIENCE = 180_000


class Walk:
    """The steps, on a site at `url`; all users have the same password."""

    def __init__(self, browser, url, password="password"):
        self.browser, self.url, self.password = browser, url, password

    @contextmanager
    def _own_browser(self, language="ar"):
        """A new browser context of an anonymous user."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 1000}, locale=language)
        context.set_default_timeout(PATIENCE)
        try:
            yield context.new_page()
        finally:
            context.close()

    def read(self, address):
        """The main text of a page for an anonymous user."""
        with self._own_browser() as page:
            page.goto(self.url + address)
            return page.inner_text("main")

    @contextmanager
    def person(self, name, language):
        """A browser of a user who is signed in to the admin."""
        with self._own_browser(language) as page:
            page.goto(f"{self.url}/accounts/login/")
            page.fill("[name=login]", name)
            page.fill("[name=password]", self.password)
            self._follow(page, "main button[type=submit]")
            assert page.url == f"{self.url}/admin/", page.url
            yield page

    def _follow(self, page, selector):
        """Click an element and wait until the next page is loaded."""
        with page.expect_navigation():
            page.click(selector)

    def _press(self, page, selector):
        """Press a button in the footer of a form, opening the menu of actions if it is hidden there."""
        if not page.locator(selector).is_visible():
            page.click("footer [data-w-dropdown-target=toggle]")
        self._follow(page, selector)

    def create(self, page, parent):
        """Save a service with only some facts as a draft. Returns the URL of its form."""
        page.goto(f"{self.url}/admin/pages/add/egov_services/servicepage/{parent}/")
        page.fill("[name=title]", ARABIC)
        page.fill("[name=service_code]", CODE)
        page.check("[name=audiences] >> nth=0")
        page.check("[name=life_events] >> nth=0")
        page.check("[name=needs_no_documents]")
        page.click("#id_fees-ADD")
        page.fill("[name=fees-0-label]", FEE)
        page.fill("[name=fees-0-amount_minor]", "٥٬٠٠٠")
        page.select_option("[name=ur_class]", "informational")
        self._press(page, "footer button.action-save")
        return page.url

    def submit(self, page):
        """Submit the draft to moderation. Returns the error messages as one text, empty without errors."""
        self._press(page, "footer [name=action-submit]")
        return " ".join(page.locator(".error-message, .messages .error").all_inner_texts())

    def correct(self, page, unit):
        """Enter what the publish gate requires: a summary, the unit, and reasons instead of missing facts."""
        page.fill("[name=summary]", SUMMARY)
        page.click("#id_owner_unit-chooser [data-chooser-action-choose]")
        page.click(f".modal-content a:has-text('{unit}')")
        page.wait_for_selector(".modal-content", state="detached")
        for number, name in enumerate(("duration", "channels", "outputs", "owner", "steps")):
            page.fill(f"[name=not_applicable_{name}]", f"لم يُقرر بعد في الوزارة {number}")

    def approve(self, page, form):
        """Approve the current workflow task, without a comment."""
        page.goto(form)
        approve = "[data-workflow-action-name=approve]:not([data-workflow-action-modal-url])"
        self._press(page, f"footer {approve}")

    def publish(self, page, form):
        """Press “Publish” in the footer of the form. Returns the error messages."""
        page.goto(form)
        self._press(page, "footer [name=action-publish]")
        return " ".join(page.locator(".error-message, .messages .error").all_inner_texts())

    def translate(self, page, pk, locale, words):
        """Translate the page into another language and publish it there. `words`: text → translation."""
        page.goto(f"{self.url}/admin/localize/submit/page/{pk}/")
        page.check(f"[name=locales][value='{locale}']")
        self._follow(page, "form input[type=submit]")
        for text, translation in words.items():
            segment = page.locator(f'.js-translation-editor li:has(> p:text-is("{text}"))')
            segment.get_by_role("button", name="Translate", exact=True).click()
            segment.locator("textarea").fill(translation)
            segment.get_by_role("button", name="Save", exact=True).click()
            # The button is shown again when the server has saved the translation.
            segment.get_by_role("button", name="Edit", exact=True).wait_for()
        self._press(page, "footer button[name=action][value=publish]")

    def download(self, page):
        """The workbook of the catalogue, as bytes."""
        page.goto(f"{self.url}/admin/exchange/services/")
        with page.expect_download() as download:
            page.click("a[href$='services.xlsx']")
        return download.value.path().read_bytes()

    def upload(self, page, data):
        """Upload a workbook. Returns the preview of its changes as text."""
        page.goto(f"{self.url}/admin/exchange/services/")
        file = {"name": "fees.xlsx", "mimeType": "application/octet-stream", "buffer": data}
        page.set_input_files("[name=file]", file)
        self._follow(page, "form[enctype] button")
        page.wait_for_selector("button[value=confirm]")
        return page.inner_text("main")

    def confirm(self, page, reason):
        """Confirm the changes of the workbook, which are written as drafts."""
        page.fill("[name=reason]", reason)
        self._follow(page, "button[value=confirm]")
        page.wait_for_selector("button[value=preview_undo]")
