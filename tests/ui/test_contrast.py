"""The colours of tokens and themes can be read: WCAG contrasts, computed."""

import pytest

from podium.core.instances import ThemeName
from podium.core.themes import ColorScheme, ThemeVariant, load_theme, load_tokens

SCHEMES = list(ColorScheme)
VARIANTS = [(theme, scheme) for theme in ThemeName for scheme in SCHEMES]
TEXT = 4.5
LINE = 3.0


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def variant(theme: ThemeName, scheme: ColorScheme) -> ThemeVariant:
    return load_theme(theme).variant(scheme)


def test_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text", ["text", "text_2", "text_3", "danger_text", "link"])
@pytest.mark.parametrize("ground", ["page", "chrome", "surface", "overlay", "sunken"])
def test_text_of_the_chrome(scheme: ColorScheme, text: str, ground: str) -> None:
    chrome = load_tokens().chrome[scheme]
    assert contrast(chrome[text], chrome[ground]) >= TEXT


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("text", "selected"),
        ("text", "hover"),
        ("text", "raised"),
        ("text_2", "raised"),
        ("text_2", "selected"),
        ("text_2", "hover"),
        ("text_2", "choice"),
        ("on_primary", "primary"),
        ("on_primary", "primary_hover"),
        ("on_primary", "primary_pressed"),
        ("on_danger", "danger"),
        ("match_text", "match"),
    ],
)
def test_text_on_what_is_pointed_at_or_chosen(scheme: ColorScheme, text: str, ground: str) -> None:
    chrome = load_tokens().chrome[scheme]
    assert contrast(chrome[text], chrome[ground]) >= TEXT


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("line", ["focus_ring", "control_border"])
@pytest.mark.parametrize("ground", ["page", "chrome", "surface", "overlay", "sunken"])
def test_focus_ring_and_borders_of_fields(scheme: ColorScheme, line: str, ground: str) -> None:
    chrome = load_tokens().chrome[scheme]
    assert contrast(chrome[line], chrome[ground]) >= LINE


@pytest.mark.parametrize("ring", ["focus_ring"])
@pytest.mark.parametrize(("theme", "scheme"), VARIANTS)
def test_focus_ring_on_pane_bars(theme: ThemeName, scheme: ColorScheme, ring: str) -> None:
    assert contrast(load_tokens().chrome[scheme][ring], variant(theme, scheme).bar) >= LINE


def test_the_waiting_bar() -> None:
    waiting = load_tokens().waiting
    for text in (waiting.on_fill, waiting.on_fill_2):
        assert contrast(text, waiting.fill) >= TEXT
        assert contrast(text, waiting.fill_hover) >= TEXT
    assert contrast(waiting.button_text, waiting.button_fill) >= TEXT


@pytest.mark.parametrize(("theme", "scheme"), VARIANTS)
def test_text_of_a_theme(theme: ThemeName, scheme: ColorScheme) -> None:
    colors = variant(theme, scheme)
    chrome = load_tokens().chrome[scheme]
    assert contrast(colors.foreground, colors.background) >= TEXT
    assert contrast(colors.foreground, colors.selection) >= TEXT
    assert contrast(colors.accent_text, colors.background) >= TEXT
    assert contrast(colors.accent_text, colors.badge) >= TEXT
    assert contrast(colors.link, colors.background) >= TEXT
    assert contrast(colors.cursor_text, colors.cursor) >= TEXT
    for text in ("text", "text_2"):
        assert contrast(chrome[text], colors.bar) >= TEXT
    assert contrast(chrome["text"], colors.tab_active) >= TEXT


@pytest.mark.parametrize(("theme", "scheme"), VARIANTS)
def test_outlines_of_a_theme(theme: ThemeName, scheme: ColorScheme) -> None:
    colors = variant(theme, scheme)
    canvas = load_tokens().chrome[scheme]["canvas"]
    for ground in (canvas, colors.background):
        assert contrast(colors.outline, ground) >= LINE
        assert contrast(colors.outline_focus, ground) >= LINE
    assert contrast(colors.accent_ui, colors.bar) >= LINE
    assert contrast(colors.accent_ui, load_tokens().chrome[scheme]["chrome"]) >= LINE


@pytest.mark.parametrize(("theme", "scheme"), VARIANTS)
def test_states_on_bars_and_chrome(theme: ThemeName, scheme: ColorScheme) -> None:
    tokens = load_tokens()
    for name, look in tokens.state.items():
        color = look.dark if scheme is ColorScheme.DARK else look.light
        for ground in (variant(theme, scheme).bar, tokens.chrome[scheme]["chrome"]):
            assert contrast(color, ground) >= TEXT, name


@pytest.mark.parametrize(("theme", "scheme"), VARIANTS)
def test_the_16_colors_can_be_read(theme: ThemeName, scheme: ColorScheme) -> None:
    colors = variant(theme, scheme)
    # Black on a dark ground and white on a light one are what programs use to paint, not to write.
    unreadable = 0 if scheme is ColorScheme.DARK else 7
    for index, color in enumerate((*colors.ansi, *colors.bright)):
        if index != unreadable:
            assert contrast(color, colors.background) >= TEXT, index
