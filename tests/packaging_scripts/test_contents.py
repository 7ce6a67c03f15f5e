"""What is collected in, what goes into the frozen program out."""

import pytest
from contents import foreign_modules, trimmed

from tests.packaging_scripts.conftest import *  # noqa: F403
