"""The protocols by which programs show pictures: sixel and kitty's."""
