"""What goes wrong in the API, as one value: a status for the protocol, a code for programs, words for people."""

import msgspec


class ApiError(Exception):
    """A request that was refused or failed. ``hint`` says what to do next ("" when there is nothing)."""

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
