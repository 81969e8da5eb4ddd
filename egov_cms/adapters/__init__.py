"""What the suite uses of other libraries beyond what they document: one module (or package) for each library.

Nothing else imports an undocumented name of Wagtail, wagtail-localize, django-modelcluster, modelsearch or
django-treebeard, nor a name with an underscore of Django's ORM; tests/adapters/test_documented.py looks, and lists what
is documented, with the page that documents it. Each function and class here says why the documented API does not do.

`SEEN_IN` of a module names the versions in which all of it was seen to work. Each name has a contract test
(`pytest -m contract`), which fails when a newer version changes it. A version that `SEEN_IN` does not name fails too:
read its release notes, run the contract tests, then add it.
"""
