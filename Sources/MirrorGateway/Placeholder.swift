enum PlaceholderMirrorGateway {}
