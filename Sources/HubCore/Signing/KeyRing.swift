import Glibc

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The hub's own signing keys, as PEM files in `keys/signing/`: the newest signs, the older ones are still believed.
///
/// There is always one of each algorithm: made at first use, so that nothing is built in (S12).
package struct KeyRing: Sendable {
    private let folder: String

    package init(_ directory: DataDirectory) { folder = "\(directory.path)/keys/signing" }

    /// The key that signs now.
    /// - Throws: `.storageCorrupt` when a key file is none, `.storageFull` when a new one cannot be written.
    package func current(_ algorithm: SigningAlgorithm = .ed25519) throws(HubError) -> SigningKey {
        if let newest = try files(algorithm).last { return try Self.read(newest) }
        return try rotate(algorithm)
    }

    /// Public halves of all keys that ever signed here, the newest first.
    package func publicKeys() throws(HubError) -> [VerifyingKey] {
        var keys: [VerifyingKey] = []
        for algorithm in SigningAlgorithm.allCases {
            for file in try files(algorithm).reversed() { keys.append(try Self.read(file).publicKey) }
        }
        return keys
    }

    /// Makes a new key, which signs from now on.
    @discardableResult
    package func rotate(_ algorithm: SigningAlgorithm) throws(HubError) -> SigningKey {
        let key = SigningKey(algorithm)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw HubError(.storageFull, "The folder of the signing keys cannot be made.")
        }
        let number = (try files(algorithm).last.flatMap(Self.number) ?? 0) + 1
        let name = "\(folder)/\(algorithm.rawValue)-\(Self.digits(number)).pem"
        let temporary = "\(name).\(UInt64.random(in: 0...UInt64.max))"
        guard
            FileManager.default.createFile(
                atPath: temporary, contents: Data(key.pem.utf8), attributes: [.posixPermissions: 0o600])
        else { throw HubError(.storageFull, "The signing key cannot be written.") }
        defer { unlink(temporary) }
        // Of two processes that make the first key at once one wins, and both use it.
        if link(temporary, name) != 0 { return try Self.read(name) }
        return key
    }

    private func files(_ algorithm: SigningAlgorithm) throws(HubError) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix("\(algorithm.rawValue)-") && $0.hasSuffix(".pem") }.sorted()
            .map { "\(folder)/\($0)" }
    }

    /// At least four digits, so that names sort as numbers do.
    private static func digits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func number(_ file: String) -> Int? {
        file.dropLast(4).split(separator: "-").last.flatMap { Int($0) }
    }

    private static func read(_ file: String) throws(HubError) -> SigningKey {
        guard let data = FileManager.default.contents(atPath: file),
            let key = try? SigningKey(
                pem: String(decoding: data, as: UTF8.self))
        else {
            throw HubError(
                .storageCorrupt, "The key file '\(file)' is not a key.", remedy: "Restore it from a backup.")
        }
        return key
    }
}
