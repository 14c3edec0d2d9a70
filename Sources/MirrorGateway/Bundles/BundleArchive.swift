import Crypto
package import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A bundle's files, open for reading: one, or a head and its parts in any order.
///
/// Everything but the contents is compared with what the statement makes it; contents are compared with their digests by
/// whoever reads them. Its calls block.
package final class BundleArchive: Sendable {
    private struct Piece: Sendable {
        /// Where it begins behind the statement's entry.
        let start: Int64
        let length: Int64
        /// Where that is in its file.
        let offset: Int64
        let file: OpenFile
        let path: String
        /// Nil for the only file.
        let number: Int?
    }

    /// A part that the statement lists and that is not here as it should be.
    package struct Fault: Sendable, Hashable {
        package let part: Int
        /// The file that was given for it; nil when none was.
        package let path: String?
    }

    package let envelope: DSSEEnvelope
    package let statement: BundleStatement
    package let layout: BundleLayout
    /// Parts that are missing or damaged.
    package let faults: [Fault]
    /// Files that belong to no part.
    package let strangers: [String]
    /// Bytes of all files.
    package let size: Int64
    /// The file with the statement.
    package let path: String
    private let pieces: [Piece]

    private static let chunk = 1 << 20

    /// Opens a bundle and reads its statement. Whose signature it bears is not looked at.
    /// - Parameter paths: its file, or its head and parts.
    /// - Throws: `.unprocessable` for what is no bundle, or has other bytes beside the contents than a bundle has.
    package init(paths: [String]) throws {
        guard !paths.isEmpty else { throw HubError(.badRequest, "There is no file to read a bundle from.") }
        var head: (file: OpenFile, path: String)?
        var others: [(file: OpenFile, path: String)] = []
        let beginning = BundleLayout.head(statement: 0).dropLast(TarEntry.block)
        for path in paths {
            let file = try Self.open(path)
            if try Self.begins(file, with: Array(beginning)) {
                guard head == nil else {
                    throw HubError(.unprocessable, "'\(path)' and '\(head?.path ?? "")' are two bundles.")
                }
                head = (file, path)
            } else {
                others.append((file, path))
            }
        }
        guard let head else {
            throw HubError(
                .unprocessable, "'\(paths[0])' is no bundle: it does not begin as one.",
                remedy: paths.count > 1 ? "Name the file that ends in .000 too." : nil)
        }
        let start = BundleLayout.statementStart
        let first = try head.file.read(at: start, count: TarEntry.block)
        guard let size = TarEntry.size(in: first), size > 0, size <= BundleLayout.largestStatement,
            first == TarEntry.header(BundleLayout.statementName, size: size)
        else { throw Self.damaged("the entry of its statement") }
        let content = try Self.read(head.file, at: start + Int64(TarEntry.block), count: Int(size))
        let padding = TarEntry.padding(size)
        let end = start + Int64(TarEntry.block) + size
        guard try head.file.read(at: end, count: padding.count) == padding else {
            throw Self.damaged("what follows its statement")
        }
        envelope = try Self.envelope(content)
        statement = try Self.statement(envelope)
        layout = try BundleLayout(statement.predicate)
        path = head.path
        let tail = end + Int64(padding.count)
        let found = try Self.pieces(
            statement.predicate.parts, head: head, tail: tail, others: others, length: layout.length)
        (pieces, faults, strangers) = (found.pieces, found.faults, found.strangers)
        self.size =
            tail + pieces.filter { $0.number != nil || $0.path != head.path }.reduce(0) { $0 + $1.length }
            + (statement.predicate.parts.isEmpty ? layout.length : 0)
    }

    /// Opens a bundle's first file alone, for its statement.
    /// - Throws: as `init(paths:)`.
    package convenience init(head path: String) throws { try self.init(paths: [path]) }

    // MARK: Opening

    private static func open(_ path: String) throws -> OpenFile {
        do {
            return try OpenFile(path: path)
        } catch let error as HubError where error.code == .notFound {
            throw HubError(.notFound, "There is no file '\(path)'.")
        } catch let error as HubError where error.code == .storageCorrupt {
            throw HubError(.unprocessable, "'\(path)' is not a regular file.")
        }
    }

    private static func begins(_ file: OpenFile, with bytes: [UInt8]) throws -> Bool {
        try file.read(at: 0, count: bytes.count) == bytes
    }

    private static func read(_ file: OpenFile, at offset: Int64, count: Int) throws -> [UInt8] {
        // What a header claims must not make us ask for memory that the file cannot fill.
        guard offset <= file.size, Int64(count) <= file.size - offset else { throw damaged("its end: it is cut off") }
        let bytes = try file.read(at: offset, count: count)
        guard bytes.count == count else { throw damaged("its end: it is cut off") }
        return bytes
    }

    private static func envelope(_ bytes: [UInt8]) throws -> DSSEEnvelope {
        let envelope: DSSEEnvelope
        do {
            envelope = try DSSEEnvelope(json: bytes)
        } catch {
            throw damaged("its statement")
        }
        // One form only: what is not signed must not be anything but that form either.
        guard envelope.json == bytes, envelope.payloadType == DSSEEnvelope.inToto, !envelope.signatures.isEmpty else {
            throw damaged("its statement")
        }
        return envelope
    }

    private static func statement(_ envelope: DSSEEnvelope) throws -> BundleStatement {
        guard let statement = try? JSONDecoder().decode(BundleStatement.self, from: Data(envelope.payload)) else {
            throw BundleLayout.wrong("it is none of ours")
        }
        guard statement.type == BundleStatement.statementType,
            statement.predicateType == BundleStatement.predicateType,
            let whole = try? BundleStatement(statement.predicate), whole.subject == statement.subject,
            whole.predicate.bundleId == statement.predicate.bundleId
        else { throw BundleLayout.wrong("it contradicts itself") }
        return statement
    }

    private static func pieces(
        _ parts: [BundleStatement.Part], head: (file: OpenFile, path: String), tail: Int64,
        others: [(file: OpenFile, path: String)], length: Int64
    ) throws -> (pieces: [Piece], faults: [Fault], strangers: [String]) {
        guard !parts.isEmpty else {
            guard others.isEmpty else {
                throw HubError(.unprocessable, "'\(others[0].path)' is no part of the bundle '\(head.path)'.")
            }
            guard head.file.size >= tail, head.file.size - tail == length else {
                throw damaged("its end: it has \(head.file.size) bytes, and not as many as it says")
            }
            let only = Piece(
                start: 0, length: length, offset: tail, file: head.file, path: head.path, number: nil)
            return ([only], [], [])
        }
        guard head.file.size == tail else { throw damaged("the end of its head") }
        var start: Int64 = 0
        var places: [(part: BundleStatement.Part, start: Int64)] = []
        for (index, part) in parts.enumerated() {
            guard part.n == index + 1, part.size > 0, BlobID(part.sha256) != nil, part.size <= length - start else {
                throw BundleLayout.wrong("its parts do not fit")
            }
            places.append((part, start))
            start += part.size
        }
        guard start == length else { throw BundleLayout.wrong("its parts do not fit") }
        var pieces: [Int: Piece] = [:]
        var unknown: [String] = []
        for other in others {
            let digest = try digest(of: other.file)
            let place = places.first { $0.part.sha256 == digest && pieces[$0.part.n] == nil }
            guard let place, other.file.size == place.part.size else {
                unknown.append(other.path)
                continue
            }
            pieces[place.part.n] = Piece(
                start: place.start, length: place.part.size, offset: 0, file: other.file, path: other.path,
                number: place.part.n)
        }
        let missing = places.map(\.part.n).filter { pieces[$0] == nil }
        var faults: [Fault] = []
        for part in missing {
            // A file keeps its number when its bytes are spoilt.
            let path = unknown.first { Self.number(of: $0) == part }
            unknown.removeAll { $0 == path }
            faults.append(Fault(part: part, path: path))
        }
        return (pieces.values.sorted { $0.start < $1.start }, faults, unknown)
    }

    private static func digest(of file: OpenFile) throws -> String {
        var hash = SHA256()
        var offset: Int64 = 0
        while offset < file.size {
            let bytes = try file.read(at: offset, count: chunk)
            guard !bytes.isEmpty else { break }
            hash.update(data: bytes)
            offset += Int64(bytes.count)
        }
        return Hexadecimal.encode(hash.finalize())
    }

    private static func number(of path: String) -> Int? {
        path.split(separator: ".").last.flatMap { Int($0) }
    }

    static func damaged(_ what: String) -> HubError {
        HubError(.unprocessable, "The bundle is damaged at \(what).")
    }

    // MARK: Reading

    /// Bytes behind the statement's entry; fewer only at the end of a piece.
    /// - Throws: `.unprocessable` where a part is missing.
    package func read(at offset: Int64, count: Int) throws -> [UInt8] {
        guard let piece = pieces.first(where: { $0.start <= offset && offset - $0.start < $0.length }) else {
            throw HubError(.unprocessable, "The bundle's \(place(of: offset)) is not here.")
        }
        let skipped = offset - piece.start
        let most = Int(min(Int64(count), piece.length - skipped))
        let bytes = try piece.file.read(at: piece.offset + skipped, count: most)
        guard !bytes.isEmpty else { throw Self.damaged("'\(piece.path)': it is cut off") }
        return bytes
    }

    /// As many bytes, or an error.
    package func exactly(_ count: Int, at offset: Int64) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            bytes += try read(at: offset + Int64(bytes.count), count: count - bytes.count)
        }
        return bytes
    }

    /// Whether all bytes of an entry are here.
    package func isHere(_ item: BundleLayout.Item) -> Bool {
        var offset = item.start
        while offset < item.end {
            guard let piece = pieces.first(where: { $0.start <= offset && offset - $0.start < $0.length }) else {
                return false
            }
            offset = piece.start + piece.length
        }
        return true
    }

    /// Compares everything around an entry's content with what it has to be.
    /// - Throws: `.unprocessable`.
    package func requireFrame(of item: BundleLayout.Item) throws {
        let header = TarEntry.header(item.name, size: item.size)
        guard try exactly(header.count, at: item.start) == header else {
            throw Self.damaged("the entry '\(item.name)'\(within(item.start))")
        }
        let padding = TarEntry.padding(item.size)
        guard try exactly(padding.count, at: item.content + item.size) == padding else {
            throw Self.damaged("the end of the entry '\(item.name)'\(within(item.end - 1))")
        }
    }

    /// Compares the end of the archive with what it has to be.
    /// - Throws: `.unprocessable`.
    package func requireEnd() throws {
        let end = TarEntry.end
        guard try exactly(end.count, at: layout.length - Int64(end.count)) == end else {
            throw Self.damaged("its last bytes")
        }
    }

    /// The content of a small entry, compared with its digest.
    package func content(of item: BundleLayout.Item, limit: Int64) throws -> [UInt8] {
        guard item.size <= limit else {
            throw HubError(.unprocessable, "'\(item.name)' has \(item.size) bytes; at most \(limit) are read.")
        }
        try requireFrame(of: item)
        let bytes = try exactly(Int(item.size), at: item.content)
        guard BlobID(hashing: bytes) == item.digest else {
            throw Self.damaged("'\(item.name)'\(within(item.content)): its bytes have another SHA-256")
        }
        return bytes
    }

    /// Names the part in which an offset lies, for people; nothing for a bundle of one file.
    package func within(_ offset: Int64) -> String {
        guard let piece = pieces.first(where: { $0.start <= offset && offset - $0.start < $0.length }),
            let number = piece.number
        else { return "" }
        return " in part \(number) ('\(piece.path)')"
    }

    private func place(of offset: Int64) -> String {
        var start: Int64 = 0
        for part in statement.predicate.parts {
            if offset - start < part.size { return "part \(part.n)" }
            start += part.size
        }
        return "content"
    }
}
