"""The parsers in, shell completions out."""

import pytest

from tests.packaging_scripts.conftest import Load

pytest.importorskip("shtab", reason="make package brings it")
pytest.importorskip("argparse_manpage", reason="make package brings it")


@pytest.mark.parametrize(
    "argument", ["open_pos_0", "ctl_open_pos_0", "mission_check_pos_0", "run___folder"], ids=str
)
def test_shells_offer_files_where_a_path_is_taken(load: Load, argument: str) -> None:
    import shtab

    script = shtab.complete(load("documents").whole_parser(), "bash")
    assert f"_shtab_podium_{argument}_COMPGEN=_shtab_compgen_files" in script.splitlines()
