"""Errors of the API: a status for the protocol, a code for programs, words for people."""

import msgspec


class ApiError(Exception):
    """A request that was refused or failed. ``hint`` names the next step ("" when there is none)."""

    def __init__(self, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint

    def body(self) -> "ErrorBody":
        return ErrorBody(ErrorDetail(self.code, self.message, self.hint))


class ErrorDetail(msgspec.Struct, frozen=True):
    code: str
    message: str
    hint: str = ""


class ErrorBody(msgspec.Struct, frozen=True):
    """The body of every answer that is an error."""

    error: ErrorDetail


def unknown_instance(instance: str) -> ApiError:
    return ApiError(
        404,
        "unknown-instance",
        f"There is no instance {instance}.",
        "GET /api/orchestrator/instances lists them.",
    )
