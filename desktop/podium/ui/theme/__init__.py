"""The window's theme: colours, fonts, icons, shapes and the painting that all widgets share."""
