"""The whole bot over the wire, told like specifications."""
