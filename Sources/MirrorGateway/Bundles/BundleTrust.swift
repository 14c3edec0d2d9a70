package import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The public keys whose bundles and receipts are taken: files that the operator put there, and nothing else.
package struct BundleTrust: Sendable {
    package let keys: [VerifyingKey]

    /// Bytes of the largest file that is looked at.
    private static let largest = 64 << 10

    package init(keys: [VerifyingKey]) { self.keys = keys }

    /// Reads `keys/trusted/*.pem` below the data directory, and other files.
    /// - Throws: `.badRequest` for a file that holds no public key.
    package init(_ directory: DataDirectory, files: [String] = []) throws {
        let folder = "\(directory.path)/keys/trusted"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        try self.init(keyFiles: names.filter { $0.hasSuffix(".pem") }.map { "\(folder)/\($0)" } + files)
    }

    /// Reads public keys.
    /// - Throws: `.badRequest` for a file that holds none.
    package init(keyFiles paths: [String]) throws {
        keys = try paths.map { path in
            guard let data = FileManager.default.contents(atPath: path), data.count <= Self.largest else {
                throw HubError(.badRequest, "The key file '\(path)' cannot be read.")
            }
            do {
                return try VerifyingKey(pem: String(decoding: data, as: UTF8.self))
            } catch let error as HubError {
                throw HubError(error.code, "'\(path)': \(error.message)", remedy: error.remedy)
            }
        }
    }

    /// Whose signature an envelope bears: exactly one, by one of the keys, and named by it.
    package func signer(of envelope: DSSEEnvelope) -> VerifyingKey? {
        guard envelope.signatures.count == 1, let key = envelope.signer(among: keys),
            envelope.signatures.first?.keyID == key.id
        else { return nil }
        return key
    }

    /// - Throws: `.forbidden` for what none of the keys signed.
    package func require(_ envelope: DSSEEnvelope, of what: String) throws -> VerifyingKey {
        if let key = signer(of: envelope) { return key }
        let named = envelope.signatures.first.map { " (it names the key \($0.keyID.prefix(64).description.onOneLine))" }
        throw HubError(
            .forbidden, "\(what) is not signed by a key that is trusted here\(named ?? "").",
            remedy: "Put the exporter's public key into keys/trusted/ of the data directory, or name it with --trust.")
    }
}
