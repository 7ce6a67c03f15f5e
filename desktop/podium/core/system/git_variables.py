"""Variables that tie git to one repository: work in another must not inherit them."""

from collections.abc import Mapping
from typing import Final

REPOSITORY_VARIABLES: Final = {
    # git rev-parse --local-env-vars
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    # They change what our own pathspecs mean.
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
}


def without_git_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """``environment`` without them. The person's other settings (identity, ssh, certificates) stay."""
    return {name: value for name, value in environment.items() if name not in REPOSITORY_VARIABLES}
