import Crypto
import DataTools
import Foundation
import HubCore
import MirrorGateway

/// Rows of files that are not here yet, by parts of them.
extension DatasetViewer {
    /// What a table is opened for.
    enum Use: Sendable {
        /// Some rows by their numbers: parts of the files will do.
        case page
        /// All rows: files that are not here are fetched.
        case whole
    }

    /// Files whose ends are read before anybody asks for their rows, so that the number of rows is known.
    private static let countedFiles = 8
    /// Bytes of a file that is fetched whole at once: that takes no longer than its parts.
    private static let wholeBytes: Int64 = 4 << 20

    /// Opens a split of which files are missing by parts of them.
    /// - Returns: nil where everything is here or only whole files will do.
    func openParts(_ split: DatasetSplit, of dataset: Dataset) async throws -> Table? {
        guard dataset.snapshot.repository.isMirror, !gateway.isOffline, let first = split.files.first else {
            return nil
        }
        let entries = Array(split.files.prefix(Self.fileLimit))
        var missing: [TreeEntry] = []
        for entry in split.format == .parquet ? entries : [first] {
            guard let pointer = entry.lfs, try await gateway.hub.blobs.path(of: pointer.oid) == nil else { continue }
            missing.append(entry)
        }
        guard !missing.isEmpty,
            missing.count > 1 || missing[0].path != first.path || first.contentSize > Self.wholeBytes
        else { return nil }
        do {
            switch split.format {
            case .parquet: return try await openGroups(split, entries, of: dataset)
            case .csv, .tsv, .json, .jsonl: return try await openHead(split, first, of: dataset)
            case .arrow: return nil
            }
        } catch let error as HubError where error.code == .notSupported || error.code == .payloadTooLarge {
            return nil
        }
    }

    private func openGroups(_ split: DatasetSplit, _ entries: [TreeEntry], of dataset: Dataset) async throws -> Table {
        let file = try await partial(entries[0], of: dataset)
        let footer = try await parts.footer(of: file)
        // Without a row: it tells the columns.
        let path = try await parts.table(of: file, footer, groups: 0..<0)
        var table = Table(
            dataset: dataset, split: split, files: [tableFile(entries[0], split, path)],
            key: key(of: entries, "groups"), columns: [], rows: nil, isPartial: true)
        try await describe(&table)
        table.parts = entries
        if entries.count <= Self.countedFiles {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for entry in entries.dropFirst() {
                    group.addTask { _ = try await parts.footer(of: try await partial(entry, of: dataset)) }
                }
                try await group.waitForAll()
            }
        }
        var rows: Int64? = split.files.count == entries.count ? 0 : nil
        for entry in entries {
            let known = await parts.known(Self.digest(of: entry))
            guard let sum = rows, let known else {
                rows = nil
                break
            }
            let (more, overflow) = sum.addingReportingOverflow(known.rows)
            guard !overflow else { throw HubError(.unprocessable, "\(entry.path) claims too many rows.") }
            rows = more
        }
        table.rows = rows
        return table
    }

    private func openHead(_ split: DatasetSplit, _ first: TreeEntry, of dataset: Dataset) async throws -> Table? {
        guard TableFormat.compression(of: first.path) == nil,
            let path = try await parts.head(of: try await partial(first, of: dataset), split.format)
        else { return nil }
        var table = Table(
            dataset: dataset, split: split, files: [tableFile(first, split, path)], key: key(of: [first], "head"),
            columns: [], rows: nil, isPartial: true)
        try await describe(&table)
        table.parts = [first]
        (table.headRows, table.rows) = (table.rows ?? 0, nil)
        return table
    }

    /// Files that hold the rows of a page.
    /// - Returns: them, and the number of the first row in them.
    func files(holding rows: Range<Int64>, of table: Table) async throws -> (files: [TableFile], firstRow: Int64) {
        guard let entries = table.parts else { return (table.files, 0) }
        if let known = table.headRows {
            if rows.upperBound <= known { return (table.files, 0) }
            return (try await open(table.split, of: table.dataset).files, 0)
        }
        // The first has no row, and says how columns follow one another.
        var (found, first, position) = (table.files, Int64?.none, Int64(0))
        for entry in entries where position < rows.upperBound {
            let file = try await partial(entry, of: table.dataset)
            let footer = try await parts.footer(of: file)
            let (end, overflow) = position.addingReportingOverflow(footer.rows)
            guard !overflow else { throw HubError(.unprocessable, "\(entry.path) claims too many rows.") }
            if end > rows.lowerBound, footer.rows > 0 {
                let chosen = footer.groups(holding: rows.lowerBound - position..<rows.upperBound - position)
                if let path = file.path {
                    first = first ?? position
                    found.append(tableFile(entry, table.split, path))
                } else {
                    first = first ?? (position + chosen.firstRow)
                    do {
                        found.append(
                            tableFile(
                                entry, table.split, try await parts.table(of: file, footer, groups: chosen.groups)))
                    } catch let error as HubError
                        where error.code == .payloadTooLarge || error.code == .notSupported
                    {
                        return (try await open(table.split, of: table.dataset).files, 0)
                    }
                }
            }
            position = end
        }
        return (found, first ?? rows.lowerBound)
    }

    // MARK: Files

    /// A file by its parts, for somebody whom the gate lets read it.
    private func partial(_ entry: TreeEntry, of dataset: Dataset) async throws -> PartialFile {
        let (gateway, snapshot) = (gateway, dataset.snapshot)
        try await gateway.repositories.authorizeFile(entry, in: snapshot)
        let digest = Self.digest(of: entry)
        guard let pointer = entry.lfs else {
            guard let path = try await files.path(of: entry, in: snapshot, gateway, isFirst: true) else {
                throw HubError(.blobNotFound, "\(entry.path) is not here.")
            }
            return PartialFile(name: entry.path, digest: digest, size: entry.size, path: path) {
                try Self.read($0, at: path)
            }
        }
        if let path = try await gateway.hub.blobs.path(of: pointer.oid) {
            // Whether it is this repository's to give is asked as well.
            _ = try await gateway.repositories.open(entry, in: snapshot, isPull: false)
            return PartialFile(name: entry.path, digest: digest, size: pointer.size, path: path) {
                try Self.read($0, at: path)
            }
        }
        return PartialFile(name: entry.path, digest: digest, size: pointer.size, path: nil) { range in
            try await gateway.readUnverified(range, of: pointer, path: entry.path, in: snapshot)
        }
    }

    private static func read(_ range: Range<Int64>, at path: String) throws -> [UInt8] {
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(range.lowerBound))
        return Array(try handle.read(upToCount: range.count) ?? Data())
    }

    private func tableFile(_ entry: TreeEntry, _ split: DatasetSplit, _ path: String) -> TableFile {
        TableFile(
            path: path, name: entry.path, format: split.format, compression: TableFormat.compression(of: entry.path))
    }

    private static func digest(of entry: TreeEntry) -> String { entry.lfs?.oid.hex ?? entry.id.hex }

    private func key(of entries: [TreeEntry], _ how: String) -> String {
        var hash = SHA256()
        hash.update(data: Data("\(how)\n".utf8))
        for entry in entries { hash.update(data: Data("\(Self.digest(of: entry)) \(entry.path)\n".utf8)) }
        return Hexadecimal.encode(hash.finalize())
    }
}
