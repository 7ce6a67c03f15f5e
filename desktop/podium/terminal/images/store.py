"""The images that a terminal keeps, within bounds, and the placements that commands can name."""

from podium.terminal.images.limits import MAX_IMAGES, MAX_PLACEMENTS, MAX_STORED_BYTES
from podium.terminal.images.placement import Image, Placement
from podium.terminal.images.upload import Upload


class ImageStore:
    """``allowed`` is whether there are graphics at all: else they are swallowed, and nothing promises them."""

    def __init__(self) -> None:
        self.allowed = False
        self.images: dict[int, Image] = {}
        """By their numbers, the oldest first."""
        self.size = 0
        """Bytes of all."""
        self.upload: Upload | None = None
        """An image of which more is to come."""
        self._next = 1
        self._by_identifier: dict[int, Image] = {}
        self._next_identifier = 1 << 31
        self.placements: list[Placement] = []
        """Those that commands can name, the oldest first."""
        self.virtual: dict[tuple[int, int], Placement] = {}
        """Placements for placeholder characters, by the image's id and their own."""

    def add(self, image: Image, visible: set[int]) -> bool:
        """Keep an image. Others go when there are too many; those whose numbers are ``visible`` stay.

        Returns False when it has no room beside these.
        """
        if not self._make_room(len(image.data), visible):
            return False
        image.number = self._next
        self._next += 1
        self.images[image.number] = image
        self.size += len(image.data)
        return True

    def _make_room(self, size: int, visible: set[int]) -> bool:
        if len(self.images) < MAX_IMAGES and self.size + size <= MAX_STORED_BYTES:
            return True
        for image in list(self.images.values()):
            if image.number not in visible:
                self.drop(image)
                if len(self.images) < MAX_IMAGES and self.size + size <= MAX_STORED_BYTES:
                    return True
        return False

    def drop(self, image: Image) -> None:
        """Forget an image and its placements; rows that still name it show nothing."""
        if self.images.pop(image.number, None) is None:
            return
        self.size -= len(image.data)
        image.data = b""
        if self._by_identifier.get(image.identifier) is image:
            del self._by_identifier[image.identifier]
        self.placements = [placement for placement in self.placements if placement.image is not image]
        self.virtual = {key: value for key, value in self.virtual.items() if value.image is not image}

    def drop_nameless(self, visible: set[int]) -> None:
        """The scrollback was cleared: what no program can name and no screen shows is of no use any more."""
        for image in list(self.images.values()):
            if not image.identifier and image.number not in visible:
                self.drop(image)

    # What programs name

    def name(self, image: Image, identifier: int, label: int) -> None:
        """Give an image that is kept the program's id; with a number (``label``) alone it gets an id of ours."""
        if label and not identifier:
            identifier = self._free_identifier()
        image.identifier = identifier
        image.label = label
        if identifier:
            self._by_identifier[identifier] = image

    def _free_identifier(self) -> int:
        while self._next_identifier in self._by_identifier:
            self._next_identifier += 1
        self._next_identifier += 1
        return self._next_identifier - 1

    def named(self, identifier: int, label: int) -> Image | None:
        """The image with the program's id, or the newest one with its number."""
        if identifier:
            return self._by_identifier.get(identifier)
        if label:
            for image in reversed(list(self._by_identifier.values())):
                if image.label == label:
                    return image
        return None

    def register(self, placement: Placement) -> None:
        """Let commands name a placement."""
        placement.image.placed += 1
        self.placements.append(placement)
        if len(self.placements) > MAX_PLACEMENTS:
            self.placements.pop(0).image.placed -= 1

    def delete(self, placement: Placement) -> None:
        """A placement is gone, wherever rows still name it."""
        if not placement.deleted:
            placement.deleted = True
            if placement in self.placements:
                self.placements.remove(placement)
                placement.image.placed -= 1

    def add_virtual(self, placement: Placement) -> None:
        """Let placeholder characters show a placement."""
        key = (placement.image.identifier, placement.identifier)
        self.virtual.pop(key, None)
        self.virtual[key] = placement
        if len(self.virtual) > MAX_PLACEMENTS:
            del self.virtual[next(iter(self.virtual))]

    def virtual_placement(self, identifier: int, placement: int) -> Placement | None:
        """The placement that placeholder characters of these two ids show; any of the image without the second."""
        found = self.virtual.get((identifier, placement))
        if found is None and not placement:
            for key, value in self.virtual.items():
                if key[0] == identifier:
                    return value
        return found

    def forget_names(self) -> None:
        """After a reset: a program begins anew. Lines of the scrollback keep their images."""
        self.upload = None
        self._by_identifier.clear()
        self.placements.clear()
        self.virtual.clear()
        for image in self.images.values():
            image.placed = 0
            image.identifier = image.label = 0
