"""Decisions that a lower room needs and a higher room takes: declared below, registered above."""


class Policy:
    """A named decision. The lower room declares it with a default, the higher room registers a function (in `ready()`).

    >>> may_write = Policy("exchange.may_write", default=lambda user, kind: user.is_superuser)
    >>> @may_write.register
    ... def by_role(user, kind): ...
    >>> may_write(user, "services")
    """

    def __init__(self, name, default):
        self.name, self.default, self._function = name, default, None

    def register(self, function):
        """Take the decision with `function` from now on; returns it, so that it can be used as a decorator."""
        self._function = function
        return function

    def __call__(self, *args, **kwargs):
        return (self._function or self.default)(*args, **kwargs)
