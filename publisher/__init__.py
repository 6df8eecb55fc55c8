"""A folder of articles becomes e-mail editions and feeds. The flow is drawn in docs/explanation."""

__version__ = "0.1.0"
