"""What ``podium mission`` can be told to do, one file for each."""
