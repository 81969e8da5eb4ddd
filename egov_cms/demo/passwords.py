"""The password of the demonstration's users: generated once, stored in a file that only its owner can read."""

import secrets

# Without letters and digits that look similar.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def get_or_create_password(path):
    """The password in this file; a missing file is created with a new password."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        groups = ("".join(secrets.choice(LETTERS) for _letter in range(5)) for _group in range(3))
        path.write_text("-".join(groups) + "\n")
    return path.read_text().strip()
