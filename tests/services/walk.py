"""What an editor, an approver and a publisher do in a browser with one service, step by step."""

import re
from contextlib import contextmanager

CODE = "IQ-MOI-950"
SLUG = "mother-tongue-certificate"
ARABIC, SORANI = "شهادة اللغة الأم", "بڕوانامەی زمانی دایک"
SUMMARY = "شهادة تثبت لغة الطالب الأم لدى المدارس."
FEE, FEE_SORANI = "رسم الشهادة", "تێچووی بڕوانامە"
SUMMARY_SORANI = "بڕوانامەیەک کە زمانی دایکی خوێندکار لە قوتابخانەکان دەسەلمێنێت."


class Walk:
    """The steps, on a site at `url`; people sign in with the password of their fixtures."""

    def __init__(self, browser, url, password="password"):
        self.browser, self.url, self.password = browser, url, password

    @contextmanager
    def person(self, name):
        """A browser of somebody's own, signed in."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 1000})
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.goto(f"{self.url}/accounts/login/")
        page.fill("[name=login]", name)
        page.fill("[name=password]", self.password)
        page.click("main button[type=submit]")
        page.wait_for_url("**/admin/")
        try:
            yield page
        finally:
            context.close()

    def create(self, page, parent):
        """A service in Arabic with what comes to mind first; saved as a draft. Gives the address of its form."""
        page.goto(f"{self.url}/admin/pages/add/egov_services/servicepage/{parent}/")
        page.fill("[name=title]", ARABIC)
        page.fill("[name=service_code]", CODE)
        page.check("[name=audiences] >> nth=0")
        page.check("[name=life_events] >> nth=0")
        page.check("[name=needs_no_documents]")
        self._add_fee(page, FEE, "٥٬٠٠٠")
        page.select_option("[name=ur_class]", "informational")
        page.click("footer button.action-save")
        page.wait_for_url(re.compile(r"/admin/pages/[0-9]+/edit/"))
        return page.url

    def _add_fee(self, page, label, amount):
        page.click("#id_fees-ADD")
        page.fill("[name=fees-0-label]", label)
        page.fill("[name=fees-0-amount_minor]", amount)

    def _press(self, page, selector):
        """A button at the foot of the form, which may hide among the other actions."""
        button = page.locator(selector)
        if not button.is_visible():
            page.click("footer [data-w-dropdown-target=toggle]")
        button.click()

    def submit(self, page):
        self._press(page, "footer [name=action-submit]")

    def problems(self, page) -> str:
        """What the gate says, in one text."""
        page.wait_for_selector(".error-message, .messages .error")
        return " ".join(page.locator(".error-message, .messages .error").all_inner_texts())

    def mend(self, page, unit):
        """What the gate asked for: a summary, the unit, and reasons for what is not known yet."""
        page.fill("[name=summary]", SUMMARY)
        page.click("[data-chooser-action-choose] >> nth=0")
        page.click(f".modal-content a:has-text('{unit}')")
        page.wait_for_selector(".modal-content", state="detached")
        for number, name in enumerate(("duration", "channels", "outputs", "owner", "steps")):
            page.fill(f"[name=not_applicable_{name}]", f"لم يُقرر بعد في الوزارة {number}")

    def approve(self, page, form):
        """“Approve” of the task that waits for this person."""
        page.goto(form)
        self._press(page, "footer [data-workflow-action-name=approve]")
        page.wait_for_url(re.compile(r"/admin/(?!pages/[0-9]+/edit)"))

    def publish(self, page, form):
        page.goto(form)
        self._press(page, "footer [name=action-publish]")
        page.wait_for_url(re.compile(r"/admin/(?!pages/[0-9]+/edit)"))

    def translate(self, page, pk, language, words):
        """Make the page in another language in the translation editor and publish it there; words: text → translation."""
        page.goto(f"{self.url}/admin/localize/submit/page/{pk}/")
        page.locator(f"label:has-text('{language}')").click()
        page.click("form input[type=submit]")
        page.wait_for_selector(".js-translation-editor li, .segments li")
        waiting = page.get_by_role("button", name="Translate", exact=True)
        while waiting.count():
            left = waiting.count()
            segment = page.locator("li", has=waiting.first).last
            text = segment.inner_text()
            page.evaluate("window.scrollTo(0, 0)")
            waiting.first.click()
            known = [translation for original, translation in words.items() if original in text]
            page.locator("textarea:visible").last.fill(known[0] if known else "وشە")
            page.get_by_role("button", name="Save", exact=True).click()
            page.wait_for_function(
                "left => [...document.querySelectorAll('button')].filter(one => one.innerText.trim() == 'Translate')"
                ".length < left",
                arg=left,
            )
        self._press(page, "footer button:has-text('Publish in')")
        page.wait_for_load_state("load")

    def upload(self, page, data):
        """A workbook; gives the page that shows the differences."""
        page.goto(f"{self.url}/admin/services/spreadsheet/")
        page.set_input_files(
            "[name=file]", {"name": "fees.xlsx", "mimeType": "application/zip", "buffer": data}
        )
        page.click("form[enctype] button")
        page.wait_for_url(re.compile(r"/spreadsheet/\d+/"))

    def confirm(self, page, reason):
        page.fill("[name=reason]", reason)
        page.click("button[value=confirm]")
        page.wait_for_selector("button[value=undo]")
