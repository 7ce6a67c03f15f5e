"""From a row of the command table to a key, a menu and what happens."""
