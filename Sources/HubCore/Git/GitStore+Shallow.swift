import Foundation
import Synchronization

extension GitStore {
    /// Whether history is cut anywhere.
    package func isShallow(_ key: Int64) async throws -> Bool {
        try await !shallowBoundary(key).isEmpty
    }

    /// The commits whose parents are not here on purpose; empty for a complete repository.
    package func shallowBoundary(_ key: Int64) async throws -> [ObjectID] {
        let path = directory(of: key) + "/shallow"
        return try await onThread {
            guard let bytes = FileManager.default.contents(atPath: path) else { return [] }
            return bytes.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hexDigits: $0) }
        }
    }

    /// Replaces the boundary; an empty one makes the repository complete. The objects must be durable before.
    package func setShallowBoundary(_ boundary: [ObjectID], _ key: Int64) async throws {
        let directory = directory(of: key)
        let lines = Set(boundary).sorted().map { $0.hex + "\n" }.joined()
        // What was "the last commit" at the old boundary may have an older one now.
        folderHistories.withLock { $0.removeAll { $0.repository == key } }
        try await onThread {
            let path = directory + "/shallow"
            if lines.isEmpty {
                guard unlink(path) == 0 || errno == ENOENT else { throw DurableFiles.failure("remove \(path)") }
                try DurableFiles.sync(directory)
            } else {
                try DurableFiles.replace(path, with: Array(lines.utf8))
            }
        }
    }
}
