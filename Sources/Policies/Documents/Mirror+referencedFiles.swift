extension Mirror {
    /// The files that the mirror's settings name.
    var referencedFiles: [FileReference] {
        var files: [FileReference] = []
        for upstream in upstreams {
            switch upstream.authentication {
            case .tokenFile(let path): files.append(.init(path: path, purpose: .token, location: upstream.location))
            case .basicFile(let path): files.append(.init(path: path, purpose: .basic, location: upstream.location))
            case .none, .tokenEnvironment: break
            }
            if let path = upstream.caFile {
                files.append(.init(path: path, purpose: .certificateAuthority, location: upstream.location))
            }
        }
        if let path = provenance?.signingKeyFile {
            files.append(.init(path: path, purpose: .signingKey, location: location))
        }
        return files
    }
}
