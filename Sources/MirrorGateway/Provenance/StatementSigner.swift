import HubCore

/// Signs statements with a mirror's key, or with the hub's own where it has none, and notes which keys signed.
struct StatementSigner: Sendable {
    let ring: KeyRing
    let register: SigningKeyRegister

    /// The key that signs for a mirror, or for the hub itself.
    /// - Parameter algorithm: of the hub's own key; a mirror's key is taken as it is, unless `only` is set.
    /// - Throws: `HubError` when the hub's key can be neither read nor made.
    func key(
        for mirror: ConnectedMirror?, algorithm: SigningAlgorithm = .ed25519, only isOnly: Bool = false
    ) async throws -> SigningKey {
        if let mirror, let key = mirror.keys.signing, !isOnly || key.publicKey.algorithm == algorithm {
            try await register.note(key.publicKey, owner: "mirror:\(mirror.name)")
            return key
        }
        let key = try ring.current(algorithm)
        try await register.note(key.publicKey, owner: "hub")
        return key
    }
}
