"""The POST data of admin forms, as a browser would send it."""

from bs4 import BeautifulSoup


def form_data(response, form="page-edit-form"):
    """Field → value (or list of values) of the form as rendered. StreamFields, which a script renders, are empty."""
    soup = BeautifulSoup(response.content, "html.parser")
    data = {}
    for field in soup.find(id=form).find_all(["input", "select", "textarea"]):
        name = field.get("name")
        if not name or field.get("disabled") is not None or "__prefix__" in name:
            continue
        for value in values(field):
            data.setdefault(name, []).append(value)
    for stream in soup.select("[data-block], [data-w-block-arguments-value]"):
        data.setdefault(f"{stream['id']}-count", ["0"])
    return {name: items if len(items) > 1 else items[0] for name, items in data.items()}


def values(field):
    if field.name == "textarea":
        return [field.text.removeprefix("\n")]
    if field.name == "select":
        chosen = field.find_all("option", selected=True)
        if not chosen and field.get("multiple") is None:
            chosen = field.find_all("option")[:1]
        return [option.get("value", option.text) for option in chosen]
    if field.get("type") in ("checkbox", "radio"):
        return [field.get("value", "on")] if field.get("checked") is not None else []
    if field.get("type") in ("submit", "button", "file"):
        return []
    return [field.get("value", "")]


def errors(response):
    """The errors of a form and its formsets, as one text."""
    form = response.context["form"] if response.context and "form" in response.context else None
    if form is None:
        return str(response)
    rows = [
        f"{name}: {formset.errors} {formset.non_form_errors()}"
        for name, formset in form.formsets.items()
        if not formset.is_valid()
    ]
    return f"{form.errors.as_json(escape_html=False)} {rows}"
