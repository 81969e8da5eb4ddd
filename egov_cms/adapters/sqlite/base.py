"""SQLite where other processes write: readers do not wait for a writer, and a lock is forgotten when it is over.

Two things differ from Django's backend, which documents that it may be subclassed:

* With `transaction_mode` IMMEDIATE a transaction that writes waits for its turn at its start. One of somebody who reads
  (`adapters.django.reading`) would wait too: it begins as a plain one.
* Whether JSON works is known by the version. Django asks the file in a transaction and remembers a no for as long as the
  connection lives, also when the file was only locked.
"""

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.features import DatabaseFeatures as Features

from egov_cms.adapters.django import is_reading

# From this version JSON is built in.
JSON_SINCE = (3, 38)


class DatabaseFeatures(Features):
    """What is known without asking the file, which may be locked."""

    if base.Database.sqlite_version_info >= JSON_SINCE:
        supports_json_field = True
        can_introspect_json_field = True
        has_json_object_function = True


class DatabaseWrapper(base.DatabaseWrapper):
    """Begins plain transactions for who reads."""

    features_class = DatabaseFeatures

    def _start_transaction_under_autocommit(self):
        if is_reading():
            self.cursor().execute("BEGIN")
        else:
            super()._start_transaction_under_autocommit()
