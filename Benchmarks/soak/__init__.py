"""The soak: everything at once for hours; whether memory grows, descriptors leak, or temporary files stay."""
