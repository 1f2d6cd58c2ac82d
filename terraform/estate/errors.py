"""The one error of what is read from a plan."""


class EstateError(Exception):
    """Raised when a plan cannot be read, or a document does not say what the plan says; its line tells the cure."""
