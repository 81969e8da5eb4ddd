"""Why an address was not fetched."""


class FetchError(Exception):
    """`str(error)` is a sentence for people, in the active language; `code` stays the same for programs.

    `status` is the HTTP status of the answer that was of no use, None where none came.

    Codes: address-refused, unknown-host, no-connection, certificate, timeout, bad-answer, too-many-redirects,
    too-large, incomplete, wrong-type, wrong-encoding.
    """

    def __init__(self, code: str, message: str, status: int | None = None):
        super().__init__(message)
        self.code, self.status = code, status


class AddressRefused(FetchError):
    """The address is never asked: it does not belong to the public internet, or is not https on a usual port."""

    def __init__(self, message: str):
        super().__init__("address-refused", message)
