"""What every ministry's site stands on."""

__version__ = "0.1.0"
