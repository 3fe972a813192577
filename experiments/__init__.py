"""Named studies: each a folder with its design, its figure's description and what it shows and does not."""
