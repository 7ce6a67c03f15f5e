"""What the links of terminals lead to: the folders they count from, the files and commits that are there."""
