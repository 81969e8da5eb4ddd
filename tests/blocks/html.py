"""Checks that a fragment of HTML is parsed by a browser exactly as written."""

from html.parser import HTMLParser

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "source", "wbr"}
CLOSES_P = {
    "p",
    "ul",
    "ol",
    "dl",
    "table",
    "figure",
    "div",
    "blockquote",
    "details",
    "h2",
    "h3",
    "h4",
    "section",
}
PARENTS = {"li": {"ul", "ol"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "tr": {"thead", "tbody", "tfoot"}}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.problems, self.ids, self.text = [], [], set(), []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if attrs.get("id") in self.ids:
            self.problems.append(f"id {attrs['id']} occurs twice")
        if "id" in attrs:
            self.ids.add(attrs["id"])
        if "p" in self.open and tag in CLOSES_P:
            self.problems.append(f"<{tag}> inside <p>")
        if tag == "a" and "a" in self.open:
            self.problems.append("<a> inside <a>")
        if tag in PARENTS and (not self.open or self.open[-1] not in PARENTS[tag]):
            self.problems.append(f"<{tag}> inside <{self.open[-1] if self.open else ''}>")
        if tag == "img" and ("alt" not in attrs or not attrs.get("width") or not attrs.get("height")):
            self.problems.append("<img> without alt, width or height")
        for name, value in attrs.items():
            if name.startswith("on") or name == "style" or (value or "").lower().startswith("javascript:"):
                self.problems.append(f"{name} in <{tag}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> where {self.open[-1:] or 'nothing'} is open")
        else:
            self.open.pop()

    def handle_data(self, data):
        self.text.append(data)


def read(html):
    """(problems, visible text) of a fragment."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    problems = [*reader.problems, *(f"<{tag}> is never closed" for tag in reader.open)]
    return problems, " ".join("".join(reader.text).split())
