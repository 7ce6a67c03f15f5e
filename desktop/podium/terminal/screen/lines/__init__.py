"""Lines that left the screen: how they are packed, flow at another width, and are archived."""
