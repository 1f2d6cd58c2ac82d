"""Every error the product raises on purpose, one class each, one line saying when.

A message names the file, row or column, what was found, what was expected and the cure, and never a value from a claim.
"""


class ClaimsError(Exception):
    """Base of all errors that a user can act on; printed as one line, without a stack trace."""


class ContractError(ClaimsError):
    """Raised when a table, source or suite declaration is missing, malformed or contradicts another one."""


class ArgumentError(ClaimsError):
    """Raised when a job or command is called with a missing, unknown or contradictory argument."""


class UnknownSourceError(ClaimsError):
    """Raised when no declared source has the given name, or no source's key pattern matches a file."""


class InputNotFoundError(ClaimsError):
    """Raised when the input names no file, or a folder that holds none."""


class FileRefusedError(ClaimsError):
    """Raised when a raw file as a whole cannot be trusted; `reason` is its stable code (see `RefusalReason`)."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class SchemaError(ClaimsError):
    """Raised when a table that holds data cannot become what its contract says, or the schema policy forbids it."""


class AccountingError(ClaimsError):
    """Raised before publishing when rows or money read do not equal rows or money published, quarantined and resent."""


class AuditError(ClaimsError):
    """Raised before publishing when a critical rule about a whole table does not hold for what is about to be read."""


class PublicationError(ClaimsError):
    """Raised when a table could not be published because others kept publishing first; nothing is lost."""


class StorageError(ClaimsError):
    """Raised when a zone cannot be read or written: missing permission, full disk, lost connection."""


class ToolMissingError(ClaimsError):
    """Raised when the machine lacks something that the project could not install itself (Java, the Iceberg runtime)."""
