"""What goes in and out over HTTP, one file a noun. Labels come in both languages, sentences in the caller's."""
