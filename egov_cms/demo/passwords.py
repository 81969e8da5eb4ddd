"""The password of the demonstration's users: made once, kept in a file that only its owner reads."""

import secrets

# No letters or digits that look alike.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def kept_password(path):
    """The password in this file, which is made with a new one when it is missing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        groups = ("".join(secrets.choice(LETTERS) for _letter in range(5)) for _group in range(3))
        path.write_text("-".join(groups) + "\n")
    return path.read_text().strip()
