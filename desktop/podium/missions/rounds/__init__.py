"""Rounds of agents and gates, from the first to the end of the mission."""
