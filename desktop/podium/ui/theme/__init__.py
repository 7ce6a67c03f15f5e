"""How the window looks: colours, fonts, icons, shapes and the painting that all widgets share."""
