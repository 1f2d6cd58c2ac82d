"""The one error of a build."""


class BuildError(Exception):
    """Raised when an artifact cannot be built; its one line says what was found and the cure."""
