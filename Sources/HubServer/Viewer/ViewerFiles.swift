import Foundation
import HubCore
import MirrorGateway

/// Files of datasets as files on this machine, which workers can open.
struct ViewerFiles: Sendable {
    /// Where files lie that are kept in git itself.
    let folder: String

    /// Bytes of git's files that are kept; the oldest make room.
    private static let room: Int64 = 2 << 30
    /// Bytes of a file whose coming is waited for.
    private static let smallBytes: Int64 = 8 << 20

    /// Where the bytes of a file are. The gate is asked as it is when somebody takes the file.
    /// - Parameter isFirst: whether it is fetched when it is not here.
    /// - Returns: nil for a file that is not here and need not be.
    /// - Throws: `.scanPending` with how much is here of one that is on its way.
    func path(
        of entry: TreeEntry, in snapshot: Snapshot, _ gateway: Gateway, isFirst: Bool
    ) async throws -> String? {
        guard let pointer = entry.lfs else {
            let name = "\(folder)/\(entry.id.hex)"
            if FileManager.default.fileExists(atPath: name) {
                try await gateway.repositories.authorizeFile(entry, in: snapshot)
                return name
            }
            guard
                case .object(let bytes) = try await gateway.repositories.open(
                    entry, in: snapshot, isPull: false
                ).content
            else { return nil }
            try keep(bytes, at: name)
            return name
        }
        if let path = try await gateway.hub.blobs.path(of: pointer.oid) {
            // Whether it is this repository's to give is asked as well.
            _ = try await gateway.repositories.open(entry, in: snapshot, isPull: false)
            return path
        }
        guard isFirst else { return nil }
        guard case .blob(let reader) = try await gateway.repositories.open(entry, in: snapshot, isPull: false).content
        else { return nil }
        // What is small is here in a moment.
        var patience = pointer.size <= Self.smallBytes ? 25 : 1
        while patience > 0 {
            if let path = try await gateway.hub.blobs.path(of: pointer.oid) { return path }
            patience -= 1
            if patience > 0 { try await Task.sleep(for: .milliseconds(100)) }
        }
        let here = Self.arrived(reader)
        throw HubError(
            .scanPending, "\(entry.path) is being fetched: \(here) % of its \(pointer.size) bytes are here.",
            remedy: "Ask again in a moment.", retryAfter: 3)
    }

    /// Percent of a growing file that is on disk.
    private static func arrived(_ reader: BlobReader) -> Int64 {
        var status = stat()
        guard reader.size > 0, fstat(reader.file.descriptor, &status) == 0 else { return 0 }
        return min(99, Int64(status.st_blocks) * 512 * 100 / reader.size)
    }

    private func keep(_ bytes: [UInt8], at path: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        makeRoom(for: Int64(bytes.count))
        let temporary = "\(path).\(UInt64.random(in: 0...UInt64.max))"
        guard
            FileManager.default.createFile(
                atPath: temporary, contents: Data(bytes), attributes: [.posixPermissions: 0o600]),
            rename(temporary, path) == 0
        else {
            unlink(temporary)
            throw HubError(.storageFull, "A file of the dataset could not be written for the viewer.")
        }
    }

    private func makeRoom(for bytes: Int64) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        var files: [(path: String, size: Int64, time: Date)] = []
        for name in names {
            let path = "\(folder)/\(name)"
            guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
                let size = facts[.size] as? Int64, let time = facts[.modificationDate] as? Date
            else { continue }
            files.append((path, size, time))
        }
        var sum = files.reduce(bytes) { $0 + $1.size }
        for file in files.sorted(by: { $0.time < $1.time }) where sum > Self.room {
            unlink(file.path)
            sum -= file.size
        }
    }
}
