import Foundation
import Glibc

/// The folder where a hub keeps everything it owns: `weir.db`, `git/`, `blobs/` and `keys/`.
package struct DataDirectory: Sendable {
    package let path: String

    /// Makes the folder, readable by its owner only, unless it exists.
    /// - Throws: `.badRequest` when it cannot be made.
    package init(path: String) throws {
        self.path = URL(filePath: path).standardizedFileURL.path
        do {
            try FileManager.default.createDirectory(
                atPath: self.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw HubError(
                .badRequest, "The data directory '\(path)' cannot be made.", remedy: "Check its parent's permissions.")
        }
    }

    package var database: String { "\(path)/weir.db" }
    package var git: String { "\(path)/git" }
    package var blobs: String { "\(path)/blobs" }
    package var xet: String { "\(path)/xet" }
    /// Where those who do jobs show that they live.
    package var jobs: String { "\(path)/jobs" }

    /// A random key that lives as long as the data; made at first use (S12: nothing is built in).
    /// - Parameter name: the file's name under `keys/`.
    package func key(_ name: String) throws -> [UInt8] {
        let folder = "\(path)/keys"
        let file = "\(folder)/\(name)"
        if let data = FileManager.default.contents(atPath: file), data.count == 32 { return Array(data) }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var generator = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let temporary = "\(file).\(UInt64.random(in: 0...UInt64.max))"
        guard
            FileManager.default.createFile(
                atPath: temporary, contents: Data(key), attributes: [.posixPermissions: 0o600])
        else { throw HubError(.storageFull, "The key '\(name)' cannot be written.") }
        // Of two processes that start at once one wins, and both use its key.
        if link(temporary, file) != 0 {
            unlink(temporary)
            guard let data = FileManager.default.contents(atPath: file), data.count == 32 else {
                throw HubError(
                    .storageCorrupt, "The key file '\(file)' is not a key.", remedy: "Restore it from a backup.")
            }
            return Array(data)
        }
        unlink(temporary)
        return key
    }
}
