"""What a program may show at most; all of it comes from its output."""

from typing import Final

MAX_SIDE: Final = 10_000
"""Pixels of an image's longer side."""
MAX_PIXELS: Final = 8 * 1024 * 1024
"""Pixels of one image: 32 MiB when a window has decoded it."""
LARGEST_SQUARE: Final = 2896
"""Pixels of a side of the largest image that is a square."""
MAX_IMAGE_BYTES: Final = 32 * 1024 * 1024
"""Bytes of one image as it is kept, compressed."""
MAX_STORED_BYTES: Final = 32 * 1024 * 1024
MAX_IMAGES: Final = 1024
"""Images of one terminal, and the bytes of all; beyond that the oldest ones that are not on the screen go."""
MAX_PLACEMENTS: Final = 4096
"""Placements that commands can still name."""
MAX_STRIPS: Final = 32
"""Parts of images in one row; the oldest go first."""


def possible_size(width: int, height: int) -> bool:
    """Whether an image may have this size in pixels."""
    return 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS
