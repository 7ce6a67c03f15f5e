"""Podium's settings: read, and changed in the file that a person may edit too."""

from typing import Annotated, Final

from msgspec import Meta

from podium.control.api.route import Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call

SettingValue = bool | int | float | str | list[str]
"""As the file has it."""
Key = Annotated[str, Meta(max_length=128)]


class GetSettings(Call, frozen=True):
    """``setting`` is the key of one, such as ``terminal.bidi``; without it all are answered."""

    setting: Key | None = None


class ChangeSettings(Call, frozen=True):
    """``values`` has a value by key; null takes the key out of the file, so that its usual value counts again. All of
    them are changed, or none. The settings of the control API itself (``control.*``) are not changed over it.
    """

    values: Annotated[dict[Key, SettingValue | None], Meta(min_length=1, max_length=100)]


class SettingInfo(Answer, frozen=True):
    """``value`` is what counts, ``default`` the usual one; for one with ``nextStart`` it is what the file says, and
    counts when Podium starts again. ``fault`` says what is wrong with the key in the file, "" if nothing is.
    """

    key: str
    title: str
    prose: str
    value: SettingValue
    default: SettingValue
    choices: tuple[str, ...]
    least: float | None
    greatest: float | None
    next_start: bool
    fault: str


class SettingsAnswer(Answer, frozen=True):
    """``faults`` are all that is wrong with ``file``, a sentence or two each."""

    file: str
    settings: tuple[SettingInfo, ...]
    faults: tuple[str, ...]


ROUTES: Final[tuple[Route, ...]] = (
    # Not for those who may only look: an address of notifications may be a secret.
    Route(
        "GET",
        "/api/settings",
        GetSettings,
        SettingsAnswer,
        Access.WRITE,
        "The settings, or one of them.",
        {404: "There is no such setting."},
    ),
    Route(
        "PATCH",
        "/api/settings",
        ChangeSettings,
        SettingsAnswer,
        Access.WRITE,
        "Change settings; the answer has those, as they count then.",
        {
            403: "A setting of the control API itself.",
            404: "There is no such setting.",
            409: "The file can't be changed.",
            422: "A value that can't be.",
        },
    ),
)
