"""One module for each way of reading bytes."""
