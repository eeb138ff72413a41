"""What a marketplace takes no message with: contact data, words, too much text; with exact spans."""
