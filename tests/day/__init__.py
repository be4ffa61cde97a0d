"""A whole day at the desk by three people on two tablets, in real browsers on a server of its own."""
