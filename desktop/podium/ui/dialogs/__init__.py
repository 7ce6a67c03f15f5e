"""Dialogs, and the questions to the disk they ask."""
