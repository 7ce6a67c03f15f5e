"""Tokens in, USD out."""

from pathlib import Path

import pytest

from podium.core.adapters.pricing import Price, Prices, load_prices

TABLE = Prices(
    (
        Price("gpt-5-mini*", input=0.25, output=2.0, cached=0.025),
        Price("gpt-5*", input=1.25, output=10.0, cached=0.125),
        Price("plain", input=1.0, output=2.0),
    )
)


@pytest.mark.parametrize(
    ("model", "usd"),
    [
        ("gpt-5", (500 * 1.25 + 500 * 0.125 + 100 * 10.0) / 1e6),
        ("gpt-5-mini-2026", (500 * 0.25 + 500 * 0.025 + 100 * 2.0) / 1e6),
        ("openrouter/openai/GPT-5", (500 * 1.25 + 500 * 0.125 + 100 * 10.0) / 1e6),
        ("plain", (1000 * 1.0 + 100 * 2.0) / 1e6),
    ],
)
def test_tokens_cost_what_the_first_matching_row_says(model: str, usd: float) -> None:
    assert TABLE.cost(model, used_in=1000, used_out=100, cached=500) == pytest.approx(usd)


def test_tokens_of_a_cache_have_prices_of_their_own_where_there_are_any() -> None:
    row = Price("m", input=4.0, output=20.0, cached=1.0, written=5.0)
    used = {"used_in": 1_000_000, "used_out": 0, "cached": 300_000, "written": 200_000}
    assert Prices((row,)).cost("m", **used) == pytest.approx(0.5 * 4 + 0.3 * 1 + 0.2 * 5)
    plain = Price("m", input=4.0, output=20.0)
    assert Prices((plain,)).cost("m", **used) == pytest.approx(4.0)
    free = Price("m", input=4.0, output=20.0, cached=0.0, written=0.0)
    assert Prices((free,)).cost("m", **used) == pytest.approx(2.0)
    more = {**used, "used_in": 100_000}  # A tool that counts those of the cache apart.
    assert Prices((row,)).cost("m", **more) == pytest.approx(0.3 * 1 + 0.2 * 5)


def test_a_row_is_found_whatever_its_case_and_by_any_end_of_the_name() -> None:
    table = Prices((Price("OpenAI/GPT-5", 1.0, 1.0), Price("gpt-5", 2.0, 2.0)))
    found = [
        table.cost(name, 1_000_000, 0)
        for name in ("router/openai/gpt-5", " openai/GPT-5 ", "x/gpt-5", "gpt-5")
    ]
    assert found == [1.0, 1.0, 2.0, 2.0]


@pytest.mark.parametrize("model", ["", "unknown", "gpt", "a" * 100_000, "*"])
def test_an_unknown_model_has_no_cost_rather_than_none_to_pay(model: str) -> None:
    assert TABLE.cost(model, 1000, 100) is None


def test_the_shipped_table_can_be_read_and_has_no_free_models(tmp_path: Path) -> None:
    prices, faults = load_prices(tmp_path / "none.toml")
    assert not faults
    assert prices.rows
    assert all(row.input > 0 and row.output > 0 for row in prices.rows)


def test_the_users_rows_stand_before_the_shipped_ones(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text('[[prices]]\nmodel = "gpt-5*"\ninput = 7\noutput = 8\n')
    prices, faults = load_prices(file)
    assert not faults
    assert prices.cost("gpt-5", 1_000_000, 0) == pytest.approx(7.0)
    assert prices.cost("claude-sonnet-4-5", 1_000_000, 0) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("prices = 3", "prices"),
        ("[[prices]]\nmodel = 5\ninput = 1\noutput = 1", "prices[0].model"),
        ('[[prices]]\nmodel = "a"\ninput = -1\noutput = 1', "prices[0].input"),
        ('[[prices]]\nmodel = "a"\ninput = nan\noutput = 1', "prices[0].input"),
        ('[[prices]]\nmodel = "a"\ninput = 1', "prices[0].output"),
        ('[[prices]]\nmodel = "a"\ninput = 1\nouput = 1', "prices[0].ouput"),
        ("price = 1", "price"),
        ("[[prices]\n", "line 1, column 9"),
        ("\x00", "line 1, column 1"),
    ],
)
def test_a_fault_in_the_users_table_is_told_and_the_shipped_one_stays(
    text: str, key: str, tmp_path: Path
) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(text)
    prices, faults = load_prices(file)
    assert [fault.key for fault in faults] == [key]
    assert faults[0].reason
    assert faults[0].fix
    assert prices.cost("gpt-5", 1_000_000, 0) == pytest.approx(1.25)
