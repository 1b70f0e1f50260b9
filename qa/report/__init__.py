"""Citations that can be handed over and checked: keys, styles, formats, selectors, and finding a passage again."""
