import DataTools
import Foundation
import HubCore

/// A file of which parts can be read, here or at an upstream.
struct PartialFile: Sendable {
    /// What people know it by.
    let name: String
    /// Hexadecimal digest of the whole.
    let digest: String
    let size: Int64
    /// Where it lies, when all of it is here.
    let path: String?
    let read: @Sendable (Range<Int64>) async throws -> [UInt8]
}

/// Parts of files that are not here yet, written so that workers can read them.
///
/// Nobody can check a part: what lies here is shown as such, is read by the viewer alone, and goes when the hub starts.
/// Each part is fetched once, whoever asks for it at the same time.
actor ViewerParts {
    nonisolated let folder: String
    private var footers: [String: ParquetFooter] = [:]
    private var running: [String: Task<Void, any Error>] = [:]

    /// Bytes that one page may cost; who needs more is better served by the whole file.
    static let pageLimit: Int64 = 64 << 20
    /// Bytes of the beginning of a text file.
    private static let headBytes: Int64 = 2 << 20
    /// Bytes of the first look at the end of a Parquet file: most footers.
    private static let firstLook: Int64 = 128 << 10
    private static let pieceBytes: Int64 = 8 << 20
    private static let footerLimit = 1_024
    /// Bytes of parts that are kept; the oldest make room.
    private static let room: Int64 = 1 << 30

    init(folder: String) {
        self.folder = folder
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: Parquet

    func known(_ digest: String) -> ParquetFooter? { footers[digest] }

    /// - Throws: `.unprocessable` for a footer that makes no sense; why it could not be read.
    func footer(of file: PartialFile) async throws -> ParquetFooter {
        if let footer = footers[file.digest] { return footer }
        try await once(file.digest + " footer") {
            guard file.size >= ParquetFooter.smallest else {
                throw HubError(.unprocessable, "\(file.name) cannot be read as parquet: it is too short.")
            }
            let start = max(0, file.size - Self.firstLook)
            var last = try await file.read(start..<file.size)
            let length = try ParquetFooter.length(byTail: last, ofFile: file.size, named: file.name)
            let begin = file.size - ParquetFooter.tail - length
            if begin < start { last = try await self.read(begin..<start, of: file) + last }
            let bytes = Array(last.dropLast(Int(ParquetFooter.tail)).suffix(Int(length)))
            await self.keep(try ParquetFooter(bytes, ofFile: file.size, named: file.name), for: file.digest)
        }
        guard let footer = footers[file.digest] else {
            throw HubError(.internalError, "The footer of \(file.name) was read and lost.", status: 503, retryAfter: 1)
        }
        return footer
    }

    private func keep(_ footer: ParquetFooter, for digest: String) {
        if footers.count >= Self.footerLimit { footers.removeAll() }
        footers[digest] = footer
    }

    /// A Parquet file that has only some groups of rows of another, at the places where they lie there.
    /// - Returns: its path.
    /// - Throws: `.payloadTooLarge` where they are more than a page may cost.
    func table(of file: PartialFile, _ footer: ParquetFooter, groups: Range<Int>) async throws -> String {
        var ranges: [Range<Int64>] = []
        for bytes in footer.groups[groups].map(\.bytes).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = ranges.last, bytes.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, bytes.upperBound)
            } else {
                ranges.append(bytes)
            }
        }
        let wanted = ranges.reduce(Int64(0)) { $0 + Int64($1.count) }
        guard wanted <= Self.pageLimit else {
            throw HubError(
                .payloadTooLarge,
                "The rows lie in \(wanted) bytes of \(file.name), more than the \(Self.pageLimit) of one look.")
        }
        let end = footer.end(with: groups)
        let places = ranges
        return try await part("\(file.digest)-\(groups.lowerBound)-\(groups.upperBound).parquet", wanted) { output in
            try output.write(Array("PAR1".utf8), at: 0)
            for range in places {
                var place = range.lowerBound
                while place < range.upperBound {
                    let piece = place..<min(place + Self.pieceBytes, range.upperBound)
                    try output.write(try await file.read(piece), at: piece.lowerBound)
                    place = piece.upperBound
                }
            }
            try output.write(end, at: footer.offset)
        }
    }

    // MARK: Text

    /// The first rows of a text file.
    /// - Returns: the path; nil where the beginning holds no whole row.
    func head(of file: PartialFile, _ format: TableFormat) async throws -> String? {
        do {
            return try await part("\(file.digest)-head.\(format.rawValue)", Self.headBytes) { output in
                let bytes = try await file.read(0..<min(file.size, Self.headBytes))
                guard let head = TableHead.cut(bytes, format: format) else {
                    throw HubError(.notSupported, "The beginning of \(file.name) holds no whole row.")
                }
                try output.write(head, at: 0)
            }
        } catch let error as HubError where error.code == .notSupported {
            return nil
        }
    }

    // MARK: Files

    private func read(_ range: Range<Int64>, of file: PartialFile) async throws -> [UInt8] {
        var (bytes, place) = ([UInt8](), range.lowerBound)
        while place < range.upperBound {
            let piece = place..<min(place + Self.pieceBytes, range.upperBound)
            bytes += try await file.read(piece)
            place = piece.upperBound
        }
        return bytes
    }

    private func part(
        _ name: String, _ bytes: Int64, _ make: @escaping @Sendable (PartOutput) async throws -> Void
    ) async throws -> String {
        let path = "\(folder)/\(name)"
        // Who is looked at is not the oldest.
        if utimes(path, nil) == 0 { return path }
        try await once(name) {
            await self.makeRoom(for: bytes)
            let output = try PartOutput(path, folder: self.folder)
            do {
                try await make(output)
                try output.finish()
            } catch {
                output.drop()
                throw error
            }
        }
        return path
    }

    /// Does what is called so once, however many ask; it goes on when one of them leaves.
    private func once(_ name: String, _ work: @escaping @Sendable () async throws -> Void) async throws {
        if let task = running[name] { return try await task.value }
        let task = Task { try await work() }
        running[name] = task
        defer { running[name] = nil }
        try await task.value
    }

    private func makeRoom(for bytes: Int64) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        var files: [(path: String, size: Int64, time: Int)] = []
        for name in names {
            var status = stat()
            let path = "\(folder)/\(name)"
            guard lstat(path, &status) == 0 else { continue }
            // They are mostly holes.
            files.append((path, Int64(status.st_blocks) * 512, status.st_mtim.tv_sec))
        }
        var sum = files.reduce(bytes) { $0 + $1.size }
        for file in files.sorted(by: { $0.time < $1.time }) where sum > Self.room {
            unlink(file.path)
            sum -= file.size
        }
    }
}

/// A file that appears under its name when it is whole.
final class PartOutput: Sendable {
    private let path: String
    private let temporary: String
    private let descriptor: Int32

    init(_ path: String, folder: String) throws {
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        self.path = path
        temporary = "\(path).\(UInt64.random(in: 0...UInt64.max))"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func write(_ bytes: [UInt8], at offset: Int64) throws {
        try bytes.withUnsafeBytes { raw in
            var done = 0
            while done < raw.count {
                let count = pwrite(descriptor, raw.baseAddress.map { $0 + done }, raw.count - done, Int(offset) + done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.failure }
                done += count
            }
        }
    }

    func finish() throws { guard rename(temporary, path) == 0 else { throw Self.failure } }
    func drop() { unlink(temporary) }

    private static var failure: HubError {
        HubError(.storageFull, "A part of a file of the dataset could not be written for the viewer.")
    }
}
