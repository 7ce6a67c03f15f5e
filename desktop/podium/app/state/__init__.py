"""What is kept between starts: history, recovery, workspace file, settings file."""
