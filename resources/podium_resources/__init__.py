"""Podium's data files: themes, icons, fonts, mission templates. Read through ``podium.core.resources`` only."""
