"""What must survive a crash: files of the user's own machine."""
