package import HubCore

/// Where everything stands in a bundle's archive: it follows from the statement alone.
package struct BundleLayout: Sendable {
    /// An entry behind the statement.
    package struct Item: Sendable, Hashable {
        package let name: String
        package let digest: BlobID
        package let size: Int64
        /// Bytes from the end of the statement's entry to its header.
        package let start: Int64
        /// Bytes from there to its content.
        package let content: Int64
        /// Bytes from there to the next entry.
        package let end: Int64
    }

    package let items: [Item]
    /// Bytes behind the statement's entry, the end of the archive included.
    package let length: Int64

    package static let layoutName = "oci-layout"
    package static let layoutContent = Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)
    package static let statementName = "hubpack/statement.dsse.json"
    package static let previousName = "hubpack/previous.json"
    package static let indexName = "index.json"
    package static let blobFolder = "blobs/sha256/"

    /// Bytes of the largest statement that is read.
    package static let largestStatement: Int64 = 512 << 20
    /// Bytes of the largest `index.json` and the like.
    static let largestEntry: Int64 = 256 << 20
    /// Blobs of one bundle.
    static let mostBlobs = 2_000_000

    /// What stands before the statement's content, the statement's header included.
    package static func head(statement size: Int64) -> [UInt8] {
        let layout = Int64(layoutContent.count)
        return TarEntry.header(layoutName, size: layout) + layoutContent + TarEntry.padding(layout)
            + TarEntry.header(statementName, size: size)
    }

    /// Bytes from the beginning of the archive to the statement's header.
    package static var statementStart: Int64 {
        Int64(head(statement: 0).count - TarEntry.block)
    }

    /// Checks what a statement says of its archive.
    /// - Throws: `.unprocessable` for what no exporter writes.
    package init(_ predicate: BundleStatement.Predicate) throws {
        guard predicate.entries.map(\.name) == [Self.previousName, Self.indexName] else {
            throw Self.wrong("it lists other entries than a bundle has")
        }
        guard predicate.contains.count <= Self.mostBlobs else {
            throw Self.wrong("it lists \(predicate.contains.count) blobs; at most \(Self.mostBlobs) are read")
        }
        var items: [Item] = []
        items.reserveCapacity(predicate.contains.count + 2)
        var offset: Int64 = 0
        func add(_ name: String, _ digest: String, _ size: Int64) throws {
            guard let digest = BlobID(digest) else { throw Self.wrong("'\(name)' has no SHA-256") }
            guard let length = TarEntry.length(name, size: size) else { throw Self.wrong("'\(name)' has no size") }
            let (end, overflow) = offset.addingReportingOverflow(length)
            guard !overflow else { throw Self.wrong("it is larger than anything can be") }
            let content = offset + Int64(TarEntry.header(name, size: size).count)
            items.append(Item(name: name, digest: digest, size: size, start: offset, content: content, end: end))
            offset = end
        }
        for entry in predicate.entries {
            guard (0...Self.largestEntry).contains(entry.size) else { throw Self.wrong("'\(entry.name)' is too large") }
            try add(entry.name, entry.digest, entry.size)
        }
        var last = ""
        for content in predicate.contains {
            guard content.digest > last else { throw Self.wrong("its blobs are not in order, or twice there") }
            last = content.digest
            try add(Self.blobFolder + content.digest, content.digest, content.size)
            guard items.last?.content == content.offset else {
                throw Self.wrong("the blob \(content.digest) is said to lie elsewhere than it can")
            }
        }
        let (length, overflow) = offset.addingReportingOverflow(Int64(TarEntry.end.count))
        guard !overflow else { throw Self.wrong("it is larger than anything can be") }
        self.items = items
        self.length = length
    }

    /// The offsets of blobs of these sizes behind the entries, as `contains` has them.
    static func offsets(
        entries: [(name: String, size: Int64)], blobs: [(digest: BlobID, size: Int64)]
    ) throws -> [Int64] {
        var offset: Int64 = 0
        func advance(_ name: String, _ size: Int64) throws -> Int64 {
            guard let length = TarEntry.length(name, size: size),
                case let (end, overflow) = offset.addingReportingOverflow(length), !overflow
            else { throw Self.wrong("it is larger than anything can be") }
            defer { offset = end }
            return offset + Int64(TarEntry.header(name, size: size).count)
        }
        for entry in entries { _ = try advance(entry.name, entry.size) }
        return try blobs.map { try advance(blobFolder + $0.digest.hex, $0.size) }
    }

    static func wrong(_ why: String) -> HubError {
        HubError(.unprocessable, "The bundle's statement cannot be taken: \(why).")
    }
}
